using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Auto;

/// <summary>How matrices can be stored, or attention multiply: the least exact first, the most exact last.</summary>
/// <param name="Type">Float or int8.</param>
/// <param name="Block">Inputs per int8 block; 0 for float and for attention.</param>
internal sealed record StorageOption(WeightType Type, int Block)
{
    public static IReadOnlyList<StorageOption> OfMatrices { get; } =
    [
        .. StorageScheme.Blocks.Reverse().Select(block => new StorageOption(WeightType.Int8, block)),
        new(WeightType.F32, 0),
    ];

    public static IReadOnlyList<StorageOption> OfAttention { get; } = [new(WeightType.Int8, 0), new(WeightType.F32, 0)];

    public override string ToString() => Type == WeightType.F32 ? "f32" : Block == 0 ? "int8" : $"int8/{Block}";
}

/// <summary>What is stored one way: a matrix, matrices that share their input, or the products of attention.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Matrices">Its tensors; none for attention.</param>
/// <param name="Options">How it can be stored.</param>
/// <param name="Usual">How it is stored unless somebody says otherwise.</param>
/// <param name="Operations">
/// Multiply-adds for the text that costs are counted on, by an option: inputs are padded to whole blocks.
/// </param>
internal sealed record StorageUnit(
    string Name, IReadOnlyList<string> Matrices, IReadOnlyList<StorageOption> Options, StorageOption Usual,
    Func<StorageOption, double> Operations)
{
    public const string Attention = "attention";

    /// <summary>
    /// Tokens of the text that costs are counted on, of which one in eight is masked: a product with the embedding is
    /// seldom asked for, but not for nothing does it take its place in memory.
    /// </summary>
    private const int Tokens = 128, Masks = Tokens / 8;

    public bool IsAttention => Matrices.Count == 0;

    /// <summary>All units of a model, in canonical order, attention last.</summary>
    public static IReadOnlyList<StorageUnit> Of(ModelConfig config, HeadConfig head)
    {
        List<StorageUnit> units = [];
        foreach (IGrouping<string, TensorSpec> group in ModelTensors.For(config, head)
            .Where(spec => spec.Role == TensorRole.Matrix).GroupBy(UnitName))
        {
            int rows = group.Key is ModelTensors.WordEmbedding or ModelTensors.Decoder ? Masks : Tokens;
            units.Add(new StorageUnit(
                group.Key, [.. group.Select(spec => spec.Name)], StorageOption.OfMatrices,
                new StorageOption(WeightType.Int8, StorageScheme.UsualBlock(group.First())),
                option => group.Sum(spec => PassOperations.OfMatrix(spec, option.Type, option.Block, rows))));
        }
        double attention = PassOperations.OfAttention(config, Tokens);
        units.Add(new StorageUnit(
            Attention, [], StorageOption.OfAttention, StorageOption.OfAttention[0], _ => attention));
        return units;
    }

    /// <summary>Query, key and value share the quantization of their input, so they are stored one way.</summary>
    private static string UnitName(TensorSpec spec)
    {
        foreach (string part in (string[])[".query", ".key", ".value"])
            if (spec.Name.EndsWith("attention" + part, StringComparison.Ordinal))
                return spec.Name[..^part.Length] + ".query+key+value";
        return spec.Name;
    }
}
