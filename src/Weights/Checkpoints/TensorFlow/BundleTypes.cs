namespace GauRuntime.Weights.Checkpoints;

/// <summary>TensorFlow's numbers for element types.</summary>
internal static class BundleTypes
{
    /// <summary>The element type of a number, and its name when it is listed only.</summary>
    public static bool TryParse(ulong dtype, out ElementType type, out string? stored)
    {
        stored = null;
        ElementType? known = dtype switch
        {
            1 => ElementType.Float32,
            2 => ElementType.Float64,
            3 => ElementType.Int32,
            4 => ElementType.UInt8,
            5 => ElementType.Int16,
            6 => ElementType.Int8,
            7 => ElementType.String,
            8 => ElementType.Complex64,
            9 => ElementType.Int64,
            10 => ElementType.Bool,
            14 => ElementType.BFloat16,
            17 => ElementType.UInt16,
            18 => ElementType.Complex128,
            19 => ElementType.Float16,
            22 => ElementType.UInt32,
            23 => ElementType.UInt64,
            _ => null,
        };
        type = known ?? ElementType.Other;
        if (known is not null)
            return true;
        stored = dtype switch
        {
            11 => "qint8",
            12 => "quint8",
            13 => "qint32",
            15 => "qint16",
            16 => "quint16",
            20 => "resource",
            21 => "variant",
            24 => "float8_e5m2",
            25 => "float8_e4m3fn",
            29 => "int4",
            30 => "uint4",
            _ => null,
        };
        return stored is not null;
    }
}
