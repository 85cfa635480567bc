namespace GauRuntime.Cli;

/// <summary>
/// What is still to be done where a signal ends the process although the command has not come to its end: it waits for
/// a write to a pipe that nobody reads.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HardEnds
{
    private readonly Lock gate = new();
    private readonly List<Action> ends = [];

    /// <summary>Adds something, until what is returned is disposed.</summary>
    public IDisposable Add(Action end)
    {
        lock (gate)
            ends.Add(end);
        return new Removal(this, end);
    }

    /// <summary>Does it all, and waits no longer than that. What goes wrong there concerns nobody any more.</summary>
    public void Run(TimeSpan patience)
    {
        Action[] all;
        lock (gate)
            all = [.. ends];
        Task.WaitAny([Task.Run(() => Array.ForEach(all, end => end())), Task.Delay(patience)]);
    }

    private sealed class Removal(HardEnds ends, Action end) : IDisposable
    {
        public void Dispose()
        {
            lock (ends.gate)
                ends.ends.Remove(end);
        }
    }
}
