namespace GauRuntime.Weights.Checkpoints;

/// <summary>Element types that checkpoints store. All are little-endian.</summary>
public enum ElementType
{
    /// <summary>IEEE binary32.</summary>
    Float32,
    /// <summary>IEEE binary64.</summary>
    Float64,
    /// <summary>IEEE binary16.</summary>
    Float16,
    /// <summary>bfloat16: the upper half of a binary32.</summary>
    BFloat16,
    /// <summary>Signed 8-bit integer.</summary>
    Int8,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,
    /// <summary>Signed 16-bit integer.</summary>
    Int16,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16,
    /// <summary>Signed 32-bit integer.</summary>
    Int32,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32,
    /// <summary>Signed 64-bit integer.</summary>
    Int64,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64,
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    /// <summary>Two binary32: real, imaginary. Listed, never converted.</summary>
    Complex64,
    /// <summary>Two binary64: real, imaginary. Listed, never converted.</summary>
    Complex128,
    /// <summary>Strings of varying length. Listed, never converted.</summary>
    String,
    /// <summary>
    /// A type this reader knows of but does not convert (8-bit floats, quantized types). Listed only.
    /// </summary>
    Other,
}
