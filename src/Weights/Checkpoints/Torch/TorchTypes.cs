namespace GauRuntime.Weights.Checkpoints;

/// <summary>An element type as torch calls it. Width 0 is a storage of bytes without a type of its own.</summary>
internal readonly record struct TorchType(string Name, ElementType Element, int Width);

/// <summary>torch's storage classes and dtypes.</summary>
internal static class TorchTypes
{
    /// <summary>A storage class, of the CPU or of CUDA.</summary>
    public static bool TryStorage(PickleGlobal global, out TorchType type)
    {
        ElementType? element = global.Module is "torch" or "torch.cuda" ? global.Name switch
        {
            "DoubleStorage" => ElementType.Float64,
            "FloatStorage" => ElementType.Float32,
            "HalfStorage" => ElementType.Float16,
            "BFloat16Storage" => ElementType.BFloat16,
            "LongStorage" => ElementType.Int64,
            "IntStorage" => ElementType.Int32,
            "ShortStorage" => ElementType.Int16,
            "CharStorage" => ElementType.Int8,
            "ByteStorage" => ElementType.UInt8,
            "BoolStorage" => ElementType.Bool,
            "ComplexFloatStorage" => ElementType.Complex64,
            "ComplexDoubleStorage" => ElementType.Complex128,
            _ => null,
        } : null;
        if (element is null && global is { Module: "torch.storage" or "torch" or "torch.cuda", Name: "UntypedStorage" })
        {
            type = new TorchType(global.Name, ElementType.Other, 0);
            return true;
        }
        if (element is null && global.Module is "torch" or "torch.cuda" && Quantized(global.Name) is { } quantized)
        {
            type = quantized;
            return true;
        }
        type = new TorchType(global.Name, element ?? ElementType.Other, Elements.Width(element ?? ElementType.Other));
        return element is not null;
    }

    /// <summary>Storages of quantized numbers, listed by the name of their dtype.</summary>
    private static TorchType? Quantized(string storage) => storage switch
    {
        "QInt8Storage" => new TorchType("qint8", ElementType.Other, 1),
        "QUInt8Storage" => new TorchType("quint8", ElementType.Other, 1),
        "QInt32Storage" => new TorchType("qint32", ElementType.Other, 4),
        "QUInt4x2Storage" => new TorchType("quint4x2", ElementType.Other, 1),
        "QUInt2x4Storage" => new TorchType("quint2x4", ElementType.Other, 1),
        _ => null,
    };

    /// <summary>A dtype such as <c>torch.float32</c>.</summary>
    public static bool TryDtype(PickleGlobal global, out TorchType type)
    {
        (ElementType Element, int Width) found = global.Module != "torch" ? default : global.Name switch
        {
            "float64" or "double" => (ElementType.Float64, 8),
            "float32" or "float" => (ElementType.Float32, 4),
            "float16" or "half" => (ElementType.Float16, 2),
            "bfloat16" => (ElementType.BFloat16, 2),
            "int64" or "long" => (ElementType.Int64, 8),
            "int32" or "int" => (ElementType.Int32, 4),
            "int16" or "short" => (ElementType.Int16, 2),
            "int8" => (ElementType.Int8, 1),
            "uint8" => (ElementType.UInt8, 1),
            "uint16" => (ElementType.UInt16, 2),
            "uint32" => (ElementType.UInt32, 4),
            "uint64" => (ElementType.UInt64, 8),
            "bool" => (ElementType.Bool, 1),
            "complex64" or "cfloat" => (ElementType.Complex64, 8),
            "complex128" or "cdouble" => (ElementType.Complex128, 16),
            "complex32" or "chalf" or "qint32" => (ElementType.Other, 4),
            "qint8" or "quint8" or "quint4x2" or "quint2x4" => (ElementType.Other, 1),
            "float8_e4m3fn" or "float8_e5m2" or "float8_e4m3fnuz" or "float8_e5m2fnuz" or "float8_e8m0fnu" =>
                (ElementType.Other, 1),
            _ => default,
        };
        type = new TorchType(global.Name, found.Element, found.Width);
        return found.Width != 0;
    }
}
