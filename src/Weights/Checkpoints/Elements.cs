using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Widths, names and conversion of <see cref="ElementType"/> values.</summary>
public static class Elements
{
    /// <summary>Bytes per element; 0 for types without a fixed width.</summary>
    public static int Width(ElementType type) => type switch
    {
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 or ElementType.Complex64 => 8,
        ElementType.Complex128 => 16,
        _ => 0,
    };

    /// <summary>The name that <c>gau-convert inspect</c> prints: <c>float32</c>, <c>int64</c>, …</summary>
    public static string Name(ElementType type) => type switch
    {
        ElementType.Float32 => "float32",
        ElementType.Float64 => "float64",
        ElementType.Float16 => "float16",
        ElementType.BFloat16 => "bfloat16",
        ElementType.Int8 => "int8",
        ElementType.UInt8 => "uint8",
        ElementType.Int16 => "int16",
        ElementType.UInt16 => "uint16",
        ElementType.Int32 => "int32",
        ElementType.UInt32 => "uint32",
        ElementType.Int64 => "int64",
        ElementType.UInt64 => "uint64",
        ElementType.Bool => "bool",
        ElementType.Complex64 => "complex64",
        ElementType.Complex128 => "complex128",
        ElementType.String => "string",
        _ => "other",
    };

    /// <summary>Converts little-endian elements to double. Exact for every numeric type but 64-bit integers.</summary>
    /// <param name="type">A numeric type.</param>
    /// <param name="source">[destination.Length × width] bytes.</param>
    /// <param name="destination">The values.</param>
    public static void ToDouble(ElementType type, ReadOnlySpan<byte> source, Span<double> destination)
    {
        int width = Width(type);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = ToDouble(type, source.Slice(i * width, width));
    }

    /// <summary>Converts little-endian floating-point elements to single precision, rounding to nearest.</summary>
    /// <param name="type">A floating-point type.</param>
    /// <param name="source">[destination.Length × width] bytes.</param>
    /// <param name="destination">The values.</param>
    public static void ToSingle(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (type == ElementType.Float32 && BitConverter.IsLittleEndian)
        {
            source[..(destination.Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }
        int width = Width(type);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)ToDouble(type, source.Slice(i * width, width));
    }

    private static double ToDouble(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ElementType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ElementType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        ElementType.Int8 => (sbyte)bytes[0],
        ElementType.UInt8 => bytes[0],
        ElementType.Bool => bytes[0] == 0 ? 0 : 1,
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a numeric type"),
    };
}
