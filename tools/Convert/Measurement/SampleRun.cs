using GauRuntime.Threads;

namespace GauRuntime.Convert.Measurement;

/// <summary>Runs something over all texts on all processors, and takes the results in the order of the texts.</summary>
internal static class SampleRun
{
    /// <summary>Texts whose results are held at a time.</summary>
    private const int Window = 32;

    /// <summary>Maps texts to results.</summary>
    /// <param name="samples">The texts.</param>
    /// <param name="worker">Makes what a thread computes with.</param>
    /// <param name="measure">Computes a text's result.</param>
    /// <param name="take">Called in the order of the texts, so that sums have the same bits on every machine.</param>
    public static void Over<TWorker, TResult>(
        IEnumerable<Sample> samples, Func<TWorker> worker, Func<TWorker, Sample, TResult> measure,
        Action<Sample, TResult> take)
        where TWorker : IDisposable
    {
        int threads = ThreadLimit.Of(Environment.GetEnvironmentVariable);
        TWorker[] workers = [.. Enumerable.Range(0, threads).Select(_ => worker())];
        try
        {
            foreach (Sample[] window in samples.Chunk(Window))
            {
                TResult[] results = new TResult[window.Length];
                int next = -1;
                Parallel.For(0, workers.Length, new ParallelOptions { MaxDegreeOfParallelism = workers.Length }, at =>
                {
                    for (int i; (i = Interlocked.Increment(ref next)) < window.Length;)
                        results[i] = measure(workers[at], window[i]);
                });
                for (int i = 0; i < window.Length; i++)
                    take(window[i], results[i]);
            }
        }
        finally
        {
            foreach (TWorker one in workers)
                one.Dispose();
        }
    }
}
