using System.Numerics;
using System.Runtime.InteropServices;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Checks of the values that kernels rely on.</summary>
internal static class StoredValues
{
    /// <summary>null, or the first value that no kernel may meet: NaN, infinity, a scale ≤ 0, a byte of −128.</summary>
    public static string? Fault(TensorEntry tensor, ReadOnlySpan<byte> bytes)
    {
        switch (tensor.Type)
        {
            case ElementType.Int8:
                int lowest = bytes.IndexOf((byte)0x80);
                return lowest < 0 ? null : $"value -128 at index {lowest}; weights are -127 to 127";
            case ElementType.Float32:
                ReadOnlySpan<float> floats = MemoryMarshal.Cast<byte, float>(bytes);
                int bad = IndexOfNonFinite(floats);
                if (bad >= 0)
                    return $"value {floats[bad]} at index {bad} is no finite number";
                if (!tensor.Name.EndsWith(StoredTensors.Scale, StringComparison.Ordinal))
                    return null;
                for (int i = 0; i < floats.Length; i++)
                    if (!(floats[i] > 0))
                        return $"scale {floats[i]} at index {i} is not above 0";
                return null;
            default:
                return null;
        }
    }

    /// <summary>Index of the first NaN or infinity, or −1.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        int i = 0;
        Vector<float> largest = new(float.MaxValue);
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            if (!Vector.LessThanOrEqualAll(Vector.Abs(new Vector<float>(values[i..])), largest))
                break;
        for (; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                return i;
        return -1;
    }
}
