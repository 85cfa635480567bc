using GauRuntime.Convert.Auto;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>What the command line of <c>gau-convert</c> says.</summary>
internal sealed record ConvertOptions
{
    /// <summary>A folder, a file, the index of several or the prefix of a TensorFlow bundle.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The model file to write.</summary>
    public required string Output { get; init; }

    public WeightType Type { get; init; } = WeightType.Int8;

    /// <summary>Inputs per int8 block; null: each matrix as usual.</summary>
    public int? Block { get; init; }

    /// <summary>How attention multiplies; null: as the matrices are stored.</summary>
    public AttentionType? Attention { get; init; }

    /// <summary>Configuration; null: config.json or bert_config.json beside the weights.</summary>
    public string? Config { get; init; }

    /// <summary>Vocabulary; null: vocab.txt beside the weights.</summary>
    public string? Vocab { get; init; }

    /// <summary>Labels, one per line; null: those of the configuration.</summary>
    public string? Labels { get; init; }

    public Dialect Dialect { get; init; } = Dialect.Port;

    /// <summary>Segment ids of pairs; null: as the dialect's fine-tuning scripts have them.</summary>
    public SegmentPolicy? Segments { get; init; }

    /// <summary>Leave out tensors that the model has no place for.</summary>
    public bool AllowExtra { get; init; }

    /// <summary>The layer that is the head; null: the only one of Keras that could be, or that of the port.</summary>
    public string? HeadLayer { get; init; }

    /// <summary>What stands between two Keras layers of a head; null: what the file says.</summary>
    public Activation? HeadActivation { get; init; }

    /// <summary>The vocabulary distinguishes upper and lower case.</summary>
    public bool Cased { get; init; }

    /// <summary>Replace an existing output.</summary>
    public bool Force { get; init; }

    /// <summary>Where a report goes, or null.</summary>
    public string? Report { get; init; }

    /// <summary>Texts to measure on, or null.</summary>
    public string? Texts { get; init; }

    /// <summary>How their records are read, and which fields hold the text and the true label.</summary>
    public RecordFields Fields { get; init; } = new() { Label = "label" };

    /// <summary>The drift that the model may have, whose storage is then chosen; or null.</summary>
    public AutoTarget? Auto { get; init; }

    /// <summary>How attention multiplies.</summary>
    public AttentionType AttentionType =>
        Attention ?? (Type == WeightType.Int8 ? AttentionType.Int8 : AttentionType.F32);

    /// <summary>The options that shaped the result, for its provenance.</summary>
    public string Shown(bool lowerCase, SegmentPolicy segments) => string.Join(' ',
        Auto is not null ? $"--auto {Auto}"
            : Type == WeightType.F32 ? "--type f32"
            : Block is { } block ? $"--type int8 --block {block}" : "--type int8",
        Auto is not null ? "" : AttentionType == AttentionType.Int8 ? "--attention int8" : "--attention f32",
        $"--dialect {JsonName.Of(Dialect)}",
        segments == SegmentPolicy.Pairs ? "--segments pairs" : "--segments zeros",
        lowerCase ? "" : "--cased").Replace("  ", " ", StringComparison.Ordinal).TrimEnd();
}
