namespace GauRuntime.Scoring.Tasks;

/// <summary>Answers that nobody holds, so that not every record leaves one for the garbage collector.</summary>
/// <remarks>No more than were held at once. Thread-safe.</remarks>
internal sealed class AnswerPool
{
    private readonly Lock gate = new();
    private readonly Stack<SharedAnswer> idle = new();

    /// <summary>An answer to be reset, held by nobody yet.</summary>
    public SharedAnswer Take()
    {
        lock (gate)
            return idle.TryPop(out SharedAnswer? answer) ? answer : new SharedAnswer();
    }

    /// <summary>Gives back an answer that the caller held.</summary>
    public void Release(SharedAnswer answer)
    {
        if (!answer.Release())
            return;
        lock (gate)
            idle.Push(answer);
    }
}
