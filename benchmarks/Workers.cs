namespace GauRuntime.Benchmarks;

/// <summary>Batches through a model on several threads, with nothing else around them.</summary>
internal static class Workers
{
    /// <summary>Computes all batches, each thread the next that no other has, with a workspace of its own.</summary>
    public static void Run<T>(
        GauModel model, int count, IReadOnlyList<T> batches, Action<T, GauWorkspace> compute)
    {
        int taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() =>
        {
            using GauWorkspace workspace = new(model);
            for (int next = Take(); next < batches.Count; next = Take())
                compute(batches[next], workspace);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        int Take() => Interlocked.Increment(ref taken) - 1;
    }
}
