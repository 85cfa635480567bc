using System.Text.Json.Serialization;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Weights.ModelFile;

/// <summary>The number type of a model's matrices.</summary>
[JsonConverter(typeof(SnakeCaseEnum<WeightType>))]
public enum WeightType
{
    /// <summary>Single precision.</summary>
    F32,
    /// <summary>Signed bytes in blocks with a scale each.</summary>
    Int8,
}

/// <summary>The entries of the container that hold a tensor, derived from its <see cref="TensorSpec"/>.</summary>
internal static class StoredTensors
{
    /// <summary>Suffix of packed floats [panels, depth, 16].</summary>
    public const string Float = ".f32";

    /// <summary>Suffix of packed bytes [panels, depth / 4, 16, 4].</summary>
    public const string Quantized = ".q8";

    /// <summary>Suffix of block scales [panels, blocks, 16].</summary>
    public const string Scale = ".scale";

    /// <summary>Suffix of block sums of the bytes per column [panels, blocks rounded up to even, 16].</summary>
    public const string Sum = ".sum";

    /// <summary>Stored length of the input axis: for int8 whole blocks.</summary>
    public static int Depth(TensorSpec spec, WeightType type, int block)
    {
        ArgumentNullException.ThrowIfNull(spec);
        int depth = spec.Inputs.StoredSize;
        return type == WeightType.Int8 ? (depth + block - 1) / block * block : depth;
    }

    /// <summary>The container's entries for a tensor, in order. Each is a multiple of 64 bytes.</summary>
    /// <param name="spec">The tensor.</param>
    /// <param name="storage">How it is stored: <see cref="StorageScheme.Of"/>.</param>
    public static IReadOnlyList<TensorEntry> For(TensorSpec spec, StoredMatrix storage)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(storage);
        if (spec.Role == TensorRole.Rows)
            return [new(spec.Name, ElementType.Float32, [spec.Rows, spec.Inputs.StoredSize])];
        (_, WeightType type, int block) = storage;
        long panels = spec.Outputs.StoredSize / AxisLayout.Unit, depth = Depth(spec, type, block);
        if (type == WeightType.F32)
            return [new(spec.Name + Float, ElementType.Float32, [panels, depth, AxisLayout.Unit])];
        long blocks = depth / block;
        return
        [
            new(spec.Name + Quantized, ElementType.Int8, [panels, depth / 4, AxisLayout.Unit, 4]),
            new(spec.Name + Scale, ElementType.Float32, [panels, blocks, AxisLayout.Unit]),
            new(spec.Name + Sum, ElementType.Int16, [panels, (blocks + 1) / 2 * 2, AxisLayout.Unit]),
        ];
    }
}
