namespace GauRuntime.Weights.Checkpoints;

/// <summary>The <c>dtype</c> strings of safetensors.</summary>
internal static class SafetensorsTypes
{
    /// <summary>Element type and bits per element of a name; false for a name outside of the format.</summary>
    public static bool TryParse(string name, out ElementType type, out int bits)
    {
        (type, bits) = name switch
        {
            "F64" => (ElementType.Float64, 64),
            "F32" => (ElementType.Float32, 32),
            "F16" => (ElementType.Float16, 16),
            "BF16" => (ElementType.BFloat16, 16),
            "I8" => (ElementType.Int8, 8),
            "U8" => (ElementType.UInt8, 8),
            "I16" => (ElementType.Int16, 16),
            "U16" => (ElementType.UInt16, 16),
            "I32" => (ElementType.Int32, 32),
            "U32" => (ElementType.UInt32, 32),
            "I64" => (ElementType.Int64, 64),
            "U64" => (ElementType.UInt64, 64),
            "BOOL" => (ElementType.Bool, 8),
            "C64" => (ElementType.Complex64, 64),
            "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => (ElementType.Other, 8),
            "F6_E2M3" or "F6_E3M2" => (ElementType.Other, 6),
            "F4" => (ElementType.Other, 4),
            _ => (ElementType.Other, 0),
        };
        return bits != 0;
    }

    /// <summary>The name under which a type is written.</summary>
    /// <exception cref="ArgumentException">safetensors has no such type, or it is listed only.</exception>
    public static string Name(ElementType type) => type switch
    {
        ElementType.Float64 => "F64",
        ElementType.Float32 => "F32",
        ElementType.Float16 => "F16",
        ElementType.BFloat16 => "BF16",
        ElementType.Int8 => "I8",
        ElementType.UInt8 => "U8",
        ElementType.Int16 => "I16",
        ElementType.UInt16 => "U16",
        ElementType.Int32 => "I32",
        ElementType.UInt32 => "U32",
        ElementType.Int64 => "I64",
        ElementType.UInt64 => "U64",
        ElementType.Bool => "BOOL",
        ElementType.Complex64 => "C64",
        _ => throw new ArgumentException($"{type} cannot be written as safetensors", nameof(type)),
    };
}
