using GauRuntime.Encoder;

namespace GauRuntime.Search;

/// <summary>Some vectors, scaled to length 1 and padded for the kernels.</summary>
internal sealed unsafe class UnitRows : IDisposable
{
    private readonly NativeBuffer<float> values;
    private readonly EmbeddingVectors vectors;
    private readonly float[] read;
    private readonly int depth;

    /// <summary>Makes room.</summary>
    /// <param name="vectors">Whose.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="atOnce">The most vectors that are read at once.</param>
    /// <param name="depth">Columns of a padded row.</param>
    public UnitRows(EmbeddingVectors vectors, int rows, int atOnce, int depth)
    {
        (this.vectors, this.depth) = (vectors, depth);
        values = NativeBuffer<float>.Of((long)rows * depth);
        read = new float[atOnce * vectors.Dimensions];
    }

    /// <summary>A row.</summary>
    public float* Row(int index) => values.Address + (long)index * depth;

    /// <summary>Reads vectors, to the first rows.</summary>
    /// <exception cref="Weights.GauFormatException">One of them has no direction.</exception>
    public void Read(int first, int count) => Read(first, count, 0);

    /// <summary>Reads vectors, to the rows from one on.</summary>
    /// <exception cref="Weights.GauFormatException">One of them has no direction.</exception>
    public void Read(int first, int count, int to)
    {
        int n = vectors.Dimensions;
        vectors.CopyTo(first, read.AsSpan(0, count * n));
        fixed (float* x = read)
        {
            for (int i = 0; i < count; i++)
            {
                double length = Direction.Length(x + i * n, n);
                if (!Direction.Has(length))
                    throw vectors.NoDirection(first + i, length == 0);
                double inverse = 1 / length;
                float* row = Row(to + i);
                for (int k = 0; k < n; k++)
                    row[k] = (float)(x[i * n + k] * inverse);
            }
        }
    }

    public void Dispose() => values.Dispose();
}
