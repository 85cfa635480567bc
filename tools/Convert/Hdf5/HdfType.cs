using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Hdf5;

/// <summary>An element type: what one element is and how wide.</summary>
/// <param name="Class">0 integer, 1 float, 3 fixed-length string, 9 variable length, others listed only.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Element">The type as checkpoints name it; <see cref="ElementType.Other"/> where it has no name.</param>
/// <param name="IsString">A fixed-length or variable-length string.</param>
internal sealed record HdfType(int Class, uint Size, ElementType Element, bool IsString)
{
    private const int Integer = 0;
    private const int Float = 1;
    private const int Text = 3;
    private const int Variable = 9;

    public bool IsVariableLength => Class == Variable;

    /// <summary>What a user is told about a type that has no name.</summary>
    public string Name => Element == ElementType.Other ? $"hdf5 class {Class}, {Size} bytes" : Elements.Name(Element);

    public static HdfType Read(HdfBytes bytes)
    {
        int kind = bytes.U8() & 0xf;
        uint bits = (uint)bytes.Unsigned(3);
        uint size = bytes.U32();
        if (size == 0)
            throw bytes.Fault("elements of 0 bytes");
        bool bigEndian = (bits & 1) != 0;
        ElementType element = kind switch
        {
            Integer when !bigEndian || size == 1 => IntegerOf(size, signed: (bits & 8) != 0),
            Float when (bits & 0x41) == 0 => FloatOf(bytes, size),
            Text => ElementType.String,
            Variable when (bits & 0xf) == 1 => ElementType.String,
            _ => ElementType.Other,
        };
        return new HdfType(kind, size, element, element == ElementType.String);
    }

    private static ElementType IntegerOf(uint size, bool signed) => (size, signed) switch
    {
        (1, true) => ElementType.Int8,
        (1, false) => ElementType.UInt8,
        (2, true) => ElementType.Int16,
        (2, false) => ElementType.UInt16,
        (4, true) => ElementType.Int32,
        (4, false) => ElementType.UInt32,
        (8, true) => ElementType.Int64,
        (8, false) => ElementType.UInt64,
        _ => ElementType.Other,
    };

    private static ElementType FloatOf(HdfBytes bytes, uint size)
    {
        int offset = bytes.U16();
        int precision = bytes.U16();
        bytes.Skip(1);
        int exponent = bytes.U8();
        bytes.Skip(1);
        int mantissa = bytes.U8();
        if (offset != 0 || precision != size * 8)
            return ElementType.Other;
        return (size, exponent, mantissa) switch
        {
            (2, 5, 10) => ElementType.Float16,
            (2, 8, 7) => ElementType.BFloat16,
            (4, 8, 23) => ElementType.Float32,
            (8, 11, 52) => ElementType.Float64,
            _ => ElementType.Other,
        };
    }
}
