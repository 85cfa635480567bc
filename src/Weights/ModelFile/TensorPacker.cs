using System.Runtime.InteropServices;
using GauRuntime.Weights.Quantization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Lays logical weights out as <see cref="PackedMatrix"/> reads them.</summary>
internal sealed class TensorPacker(TensorSpec spec, StoredMatrix storage)
{
    private const int Unit = AxisLayout.Unit;

    private readonly WeightType type = storage.Type;
    private readonly int block = storage.Block;

    /// <summary>Packs a tensor.</summary>
    /// <param name="w">Logical weights [out, in], row-major.</param>
    /// <param name="parts">The bytes of the entries of <see cref="StoredTensors.For"/>, in order.</param>
    /// <returns>The error that packing made; null for <see cref="TensorRole.Rows"/>.</returns>
    public TensorReport? Pack(float[] w, out IReadOnlyList<byte[]> parts)
    {
        if (spec.Role == TensorRole.Rows)
        {
            parts = [PackRows(w)];
            return null;
        }
        if (type == WeightType.Int8)
            return PackInt8(w, out parts);
        byte[] packed = PackFloat(w);
        parts = [packed];
        return new TensorReport(spec.Name, type, packed.Length, 0, 0);
    }

    private byte[] PackRows(float[] w)
    {
        byte[] bytes = new byte[(long)spec.Rows * spec.Inputs.StoredSize * sizeof(float)];
        Span<float> stored = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        ReadOnlySpan<int> sources = spec.Inputs.Sources;
        for (int row = 0; row < spec.Rows; row++)
            for (int i = 0; i < sources.Length; i++)
                if (sources[i] >= 0)
                    stored[row * sources.Length + i] = w[row * spec.Columns + sources[i]];
        return bytes;
    }

    private byte[] PackFloat(float[] w)
    {
        int columns = spec.Outputs.StoredSize, depth = spec.Inputs.StoredSize;
        byte[] bytes = new byte[(long)columns * depth * sizeof(float)];
        Parallel.For(0, columns, column =>
        {
            int output = spec.Outputs.Sources[column];
            if (output < 0)
                return;
            Span<float> packed = MemoryMarshal.Cast<byte, float>(
                bytes.AsSpan(checked(column / Unit * depth * Unit * sizeof(float))));
            ReadOnlySpan<int> sources = spec.Inputs.Sources;
            for (int k = 0; k < depth; k++)
                if (sources[k] >= 0)
                    packed[k * Unit + column % Unit] = w[(long)output * spec.Columns + sources[k]];
        });
        return bytes;
    }

    private TensorReport PackInt8(float[] w, out IReadOnlyList<byte[]> parts)
    {
        int columns = spec.Outputs.StoredSize, depth = StoredTensors.Depth(spec, type, block), blocks = depth / block;
        byte[] q = new byte[(long)columns * depth], scales = new byte[(long)columns * blocks * sizeof(float)];
        byte[] sums = new byte[(long)columns * ((blocks + 1) / 2 * 2) * sizeof(short)];
        (double Error, double Weight, double Max)[] columnErrors = new (double, double, double)[columns];
        Parallel.For(0, columns, () => new Scratch(depth, block), (column, _, scratch) =>
        {
            columnErrors[column] = PackColumn(w, column, depth, scratch, q, scales, sums);
            return scratch;
        }, _ => { });

        double error = 0, weight = 0, max = 0;
        foreach ((double columnError, double columnWeight, double columnMax) in columnErrors)
        {
            error += columnError;
            weight += columnWeight;
            max = Math.Max(max, columnMax);
        }
        parts = [q, scales, sums];
        double relative = weight > 0 ? Math.Sqrt(error / weight) : 0;
        return new TensorReport(spec.Name, type, (long)q.Length + scales.Length + sums.Length, relative, max);
    }

    private sealed class Scratch(int depth, int block)
    {
        public readonly float[] Column = new float[depth];
        public readonly sbyte[] Q = new sbyte[block];
        public readonly sbyte[] Trial = new sbyte[block];
    }

    private (double Error, double Weight, double Max) PackColumn(
        float[] w, int column, int depth, Scratch scratch, byte[] q, byte[] scales, byte[] sums)
    {
        int blocks = depth / block, panel = column / Unit, lane = column % Unit, output = spec.Outputs.Sources[column];
        Span<float> values = scratch.Column;
        values.Clear();
        ReadOnlySpan<int> sources = spec.Inputs.Sources;
        if (output >= 0)
            for (int k = 0; k < sources.Length; k++)
                if (sources[k] >= 0)
                    values[k] = w[(long)output * spec.Columns + sources[k]];

        // Casting the panel's slice keeps span lengths within int whatever the size of the matrix.
        Span<sbyte> packed = MemoryMarshal.Cast<byte, sbyte>(q.AsSpan(checked(panel * depth * Unit), depth * Unit));
        Span<float> packedScales = MemoryMarshal.Cast<byte, float>(scales.AsSpan())[(panel * blocks * Unit)..];
        Span<short> packedSums =
            MemoryMarshal.Cast<byte, short>(sums.AsSpan())[(panel * ((blocks + 1) / 2 * 2) * Unit)..];
        double error = 0, weight = 0, max = 0;
        for (int n = 0; n < blocks; n++)
        {
            Span<float> part = values.Slice(n * block, block);
            float scale = BlockQuantizer.Quantize(part, scratch.Q, scratch.Trial);
            packedScales[n * Unit + lane] = scale;
            int sum = 0;
            for (int i = 0; i < block; i++)
            {
                int k = n * block + i;
                packed[k / 4 * 4 * Unit + lane * 4 + k % 4] = scratch.Q[i];
                sum += scratch.Q[i];
                double difference = part[i] - (double)scale * scratch.Q[i];
                error += difference * difference;
                weight += (double)part[i] * part[i];
                max = Math.Max(max, Math.Abs(difference));
            }
            packedSums[n * Unit + lane] = (short)sum;
        }
        return (error, weight, max);
    }
}
