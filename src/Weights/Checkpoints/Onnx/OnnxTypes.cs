namespace GauRuntime.Weights.Checkpoints;

/// <summary>Element types by the numbers of onnx.proto's <c>TensorProto.DataType</c>.</summary>
internal static class OnnxTypes
{
    /// <summary>The type of a number; <see cref="ElementType.Other"/> for those that are listed only.</summary>
    public static ElementType Of(ulong number) => number switch
    {
        1 => ElementType.Float32,
        2 => ElementType.UInt8,
        3 => ElementType.Int8,
        4 => ElementType.UInt16,
        5 => ElementType.Int16,
        6 => ElementType.Int32,
        7 => ElementType.Int64,
        8 => ElementType.String,
        9 => ElementType.Bool,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        12 => ElementType.UInt32,
        13 => ElementType.UInt64,
        14 => ElementType.Complex64,
        15 => ElementType.Complex128,
        16 => ElementType.BFloat16,
        _ => ElementType.Other,
    };

    /// <summary>What a type that is listed only is called; null for the others.</summary>
    public static string? Stored(ulong number) =>
        Of(number) == ElementType.Other ? $"onnx type {number}" : null;
}
