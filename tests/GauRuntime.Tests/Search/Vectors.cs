using System.Text;

namespace GauRuntime.Tests.Search;

/// <summary>Vectors for tests, and cosines in the plainest arithmetic.</summary>
internal static class Vectors
{
    /// <summary>Numbers of a normal distribution.</summary>
    public static float[] Normal(int count, int dimensions, int seed = 1)
    {
        Random random = new(seed);
        float[] values = new float[count * dimensions];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    /// <summary>Rows around a few middles, in turn: the cosines of a middle's rows are about what is said.</summary>
    public static float[] Clustered(int count, int dimensions, int clusters, double cosine, int seed = 1)
    {
        float[] middles = Normal(clusters, dimensions, seed), values = Normal(count, dimensions, seed + 1);
        (float near, float far) = ((float)Math.Sqrt(cosine), (float)Math.Sqrt(1 - cosine));
        for (int row = 0; row < count; row++)
            for (int k = 0; k < dimensions; k++)
                values[row * dimensions + k] =
                    near * middles[row % clusters * dimensions + k] + far * values[row * dimensions + k];
        return values;
    }

    /// <summary>The cosine of two vectors.</summary>
    public static float Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double dot = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            dot += (double)x[i] * y[i];
            xx += (double)x[i] * x[i];
            yy += (double)y[i] * y[i];
        }
        return (float)Math.Clamp(dot / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1);
    }

    public static ReadOnlySpan<float> Row(float[] values, int dimensions, int row) =>
        values.AsSpan(row * dimensions, dimensions);

    /// <summary>The rows that are closest to a query, by comparing all.</summary>
    public static ClosestVector[] Closest(float[] values, ReadOnlySpan<float> query, int top)
    {
        ClosestVector[] all = new ClosestVector[values.Length / query.Length];
        for (int row = 0; row < all.Length; row++)
            all[row] = new ClosestVector(row, Cosine(Row(values, query.Length, row), query));
        return [.. all.OrderByDescending(found => found.Score).ThenBy(found => found.Row).Take(top)];
    }

    /// <summary>A file of NumPy's, as <c>numpy.save</c> writes it.</summary>
    public static byte[] Npy(string type, int rows, int columns, ReadOnlySpan<byte> numbers)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        header = header.PadRight((10 + header.Length + 64) / 64 * 64 - 11) + "\n";
        return
        [
            0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header),
            .. numbers,
        ];
    }
}
