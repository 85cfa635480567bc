namespace GauRuntime.Kernels;

/// <summary>How long the steps of passes took, of all threads together, in ticks of <see cref="TimeStamp"/>.</summary>
/// <remarks>Threads may add at once; it is read and cleared while no pass runs.</remarks>
internal sealed class StepTimes : IDisposable
{
    /// <summary>All steps.</summary>
    public static readonly PassStep[] Steps = Enum.GetValues<PassStep>();

    private readonly ThreadLocal<long[]> ticks = new(() => new long[Steps.Length], trackAllValues: true);

    /// <summary>Adds what a step has taken since a time stamp.</summary>
    public void Add(PassStep step, long start) => ticks.Value![(int)step] += TimeStamp.Now - start;

    /// <summary>Ticks of a step since <see cref="Clear"/>.</summary>
    public long Of(PassStep step) => ticks.Values.Sum(thread => thread[(int)step]);

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        foreach (long[] thread in ticks.Values)
            Array.Clear(thread);
    }

    public void Dispose() => ticks.Dispose();
}
