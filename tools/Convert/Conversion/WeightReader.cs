using System.Runtime.InteropServices;
using GauRuntime.Convert.Names;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>Reads the weights of a model from a checkpoint: float, [out, in], every value finite.</summary>
internal sealed class WeightReader(ICheckpoint checkpoint, SourceMap map)
{
    private const int Tile = 32;

    /// <summary>Fills a tensor.</summary>
    /// <param name="spec">The tensor.</param>
    /// <param name="w">[Rows, Columns], row-major.</param>
    /// <exception cref="GauFormatException">A value is NaN or infinite in single precision.</exception>
    public void Read(TensorSpec spec, Span<float> w)
    {
        if (!map.Sources.TryGetValue(spec.Name, out SourceTensor? source))
        {
            w.Clear();
        }
        else if (source.Transposed)
        {
            float[] stored = new float[w.Length];
            Read(checkpoint, source.Entry, stored);
            Transpose(stored, w, spec.Rows, spec.Columns);
        }
        else if (source.Entry.ElementCount > w.Length)
        {
            float[] padded = new float[source.Entry.ElementCount];   // rows behind the last token
            Read(checkpoint, source.Entry, padded);
            padded.AsSpan(0, w.Length).CopyTo(w);
        }
        else
        {
            Read(checkpoint, source.Entry, w);
        }
    }

    /// <summary>Fills a tensor as it is stored.</summary>
    /// <inheritdoc cref="Read(TensorSpec, Span{float})" path="/exception"/>
    public static void Read(ICheckpoint checkpoint, TensorEntry entry, Span<float> values)
    {
        if (entry.Type == ElementType.Float32 && BitConverter.IsLittleEndian)
        {
            checkpoint.Read(entry, MemoryMarshal.AsBytes(values));
        }
        else
        {
            byte[] bytes = new byte[entry.ByteLength];
            checkpoint.Read(entry, bytes);
            Elements.ToSingle(entry.Type, bytes, values);
        }
        int bad = FirstNotFinite(values);
        if (bad < 0)
            return;
        string what = float.IsNaN(values[bad]) ? "NaN" : "infinite in single precision";
        throw new GauFormatException(
            checkpoint.Path, entry.Name, $"element {bad}{Coordinates(entry, bad)} is {what}");
    }

    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                return i;
        return -1;
    }

    private static string Coordinates(TensorEntry entry, int index) =>
        entry.Shape.Count == 2 ? $" [{index / entry.Shape[1]}, {index % entry.Shape[1]}]" : "";

    /// <summary>w[r, c] = stored[c, r], tile by tile.</summary>
    private static void Transpose(ReadOnlySpan<float> stored, Span<float> w, int rows, int columns)
    {
        for (int r0 = 0; r0 < rows; r0 += Tile)
            for (int c0 = 0; c0 < columns; c0 += Tile)
                for (int r = r0; r < Math.Min(r0 + Tile, rows); r++)
                    for (int c = c0; c < Math.Min(c0 + Tile, columns); c++)
                        w[r * columns + c] = stored[c * rows + r];
    }
}
