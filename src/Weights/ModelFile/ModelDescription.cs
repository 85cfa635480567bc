using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Everything a model file says besides its weights.</summary>
public sealed record ModelDescription
{
    /// <summary>Sizes and switches (<c>gau.config</c>).</summary>
    public required ModelConfig Config { get; init; }

    /// <summary>The head (<c>gau.head</c>).</summary>
    public required HeadConfig Head { get; init; }

    /// <summary>How it makes the vector of a text (<c>gau.embedding</c>); null: it does not say.</summary>
    public EmbeddingConfig? Embedding { get; init; }

    /// <summary>The tokenizer (<c>gau.tokenizer</c>).</summary>
    public required TokenizerConfig Tokenizer { get; init; }

    /// <summary>Tokens in the order of their ids (<c>gau.vocab</c>); none contains a line feed.</summary>
    public required IReadOnlyList<string> Vocabulary { get; init; }

    /// <summary>Where the weights come from (<c>gau.provenance</c>).</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>
    /// Whether it says something that a reader of version 2 of the format would ignore, and so compute something else.
    /// </summary>
    internal bool NeedsVersion3 =>
        Tokenizer.NeedsVersion3 || Embedding is not null || Head.MaxTokens is not null || Head.Calibration is not null;
}

/// <summary>Where the weights of a model file come from.</summary>
public sealed record Provenance
{
    /// <summary>Kind of checkpoint: tensorflow, keras, torch, onnx or safetensors.</summary>
    public required string SourceKind { get; init; }

    /// <summary>SHA-256 of the source file; of several, of the lines with the SHA-256 of each, by name.</summary>
    public required string SourceSha256 { get; init; }

    /// <summary>Name and version of the converter.</summary>
    public required string Converter { get; init; }

    /// <summary>The options that shaped the result.</summary>
    public required string Options { get; init; }

    /// <summary>Day of the conversion, ISO 8601.</summary>
    public required string Date { get; init; }
}

/// <summary>How the matrices are stored (<c>gau.quantization</c>), with the error that storing made.</summary>
internal sealed record Quantization
{
    /// <summary>Float or int8 blocks.</summary>
    public required WeightType Type { get; init; }

    /// <summary>Inputs per block: 32, 64, 128 or 256; 0 for float.</summary>
    public required int Block { get; init; }

    /// <summary>Matrices stored another way than <see cref="Type"/> and <see cref="Block"/> say, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("exceptions")]
    public IReadOnlyList<StoredMatrix>? StoredOtherwise { get; init; }

    /// <summary>Error per tensor, in the order of <see cref="ModelTensors"/>; matrices only.</summary>
    public required IReadOnlyList<TensorReport> Tensors { get; init; }

    /// <summary>null, or what is wrong with the reports or the matrices stored otherwise.</summary>
    internal string? Fault()
    {
        HashSet<string> otherwise = new(StringComparer.Ordinal);
        foreach (StoredMatrix? matrix in StoredOtherwise ?? [])
        {
            if (matrix?.Name is null)
                return "an entry of 'exceptions' is null";
            if (!otherwise.Add(matrix.Name))
                return "a tensor is in 'exceptions' twice";
            if (matrix.Type == WeightType.F32 && matrix.Block != 0)
                return "a float tensor has a block";
            if (matrix.Type == Type && matrix.Block == Block)
                return "a tensor in 'exceptions' is stored as the others are";
        }
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (TensorReport? report in Tensors)
        {
            if (report?.Name is null)
                return "a tensor is null";
            if (!names.Add(report.Name))
                return "a tensor is reported twice";
            if (!double.IsFinite(report.RelativeError) || !double.IsFinite(report.MaxError))
                return "an error is not finite";
        }
        return null;
    }
}

/// <summary>What storing a tensor cost.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Type">How it is stored.</param>
/// <param name="Bytes">Size in the file.</param>
/// <param name="RelativeError">√(Σ (w − ŵ)² / Σ w²); 0 for float.</param>
/// <param name="MaxError">max |w − ŵ|; 0 for float.</param>
internal sealed record TensorReport(string Name, WeightType Type, long Bytes, double RelativeError, double MaxError);

/// <summary>An input and what the model gives for it (<c>gau.golden</c>).</summary>
public sealed record GoldenVector
{
    /// <summary>Token ids [n].</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>Segment ids [n].</summary>
    public required IReadOnlyList<int> Segments { get; init; }

    /// <summary>
    /// Last hidden state of the first token [h], computed from the unquantized weights, with F32 attention.
    /// </summary>
    public required IReadOnlyList<float> Hidden { get; init; }

    /// <summary>XxHash128, in hexadecimal, of all floats that this very file gives for the input.</summary>
    public required string Bits { get; init; }

    /// <summary>Whether the input is one that a model can run.</summary>
    internal bool Fits(ModelConfig config) =>
        Ids.Count is > 0 and <= 4096 && Ids.Count <= (config.MaxTokens ?? int.MaxValue) && Segments.Count == Ids.Count
        && Hidden.Count == config.HiddenSize && Hidden.All(float.IsFinite)
        && Ids.All(id => id >= 0 && id < config.VocabSize)
        && Segments.All(segment => segment >= 0 && segment < Math.Max(config.SegmentCount, 1));
}
