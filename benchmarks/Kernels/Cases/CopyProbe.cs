using System.Diagnostics;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>How fast one core copies bytes that stay in its caches.</summary>
internal sealed unsafe class CopyProbe(byte* from, byte* to, long bytes)
{
    private const int Repetitions = 10;
    private const long BytesPerRepetition = 64 << 20;   // a few milliseconds

    /// <summary>The best of some repetitions, bytes read and bytes written, in GB/s.</summary>
    public double Measure()
    {
        long copies = BytesPerRepetition / bytes, best = long.MaxValue;
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            for (long copy = 0; copy < copies; copy++)
                Buffer.MemoryCopy(from, to, bytes, bytes);
            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }
        return 2.0 * bytes * copies * Stopwatch.Frequency / best * 1e-9;
    }
}
