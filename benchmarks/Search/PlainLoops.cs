using System.Numerics.Tensors;

namespace GauRuntime.Benchmarks.Search;

/// <summary>What one would write without an index: every pair by TensorPrimitives, on all processors.</summary>
internal static class PlainLoops
{
    /// <summary>The rows with the greatest cosines.</summary>
    public static int[] Closest(float[] values, ReadOnlyMemory<float> query, int top)
    {
        int n = query.Length;
        float[] scores = new float[values.Length / n];
        Parallel.For(0, scores.Length, row =>
            scores[row] = TensorPrimitives.CosineSimilarity(values.AsSpan(row * n, n), query.Span));
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]).Take(top)];
    }

    /// <summary>Reads bytes once, on all processors: the least that a pass over them takes.</summary>
    public static long Read(byte[] bytes)
    {
        int parts = Environment.ProcessorCount, length = bytes.Length / parts;
        long count = 0;
        Parallel.For(0, parts, part => Interlocked.Add(ref count, bytes.AsSpan(part * length, length).Count((byte)1)));
        return count;
    }

    /// <summary>How many pairs have at least that cosine.</summary>
    public static long Pairs(ReadOnlyMemory<float> values, int dimensions, float threshold)
    {
        int count = values.Length / dimensions;
        float[] units = values.ToArray();
        for (int row = 0; row < count; row++)
        {
            Span<float> unit = units.AsSpan(row * dimensions, dimensions);
            TensorPrimitives.Divide(unit, TensorPrimitives.Norm<float>(unit), unit);
        }
        long pairs = 0;
        Parallel.For(0, count, row =>
        {
            ReadOnlySpan<float> unit = units.AsSpan(row * dimensions, dimensions);
            long found = 0;
            for (int other = 0; other < row; other++)
                found += TensorPrimitives.Dot(unit, units.AsSpan(other * dimensions, dimensions)) >= threshold ? 1 : 0;
            Interlocked.Add(ref pairs, found);
        });
        return pairs;
    }
}
