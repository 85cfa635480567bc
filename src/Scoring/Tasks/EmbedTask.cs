using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>One vector per record: <c>embedding</c>.</summary>
public sealed class EmbedTask : RecordTask
{
    private readonly VectorHead head;
    private readonly VectorPrecision precision;

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How vectors are made; where texts are cut is a run's.</param>
    /// <exception cref="ScoringException">
    /// The options contradict the model, or ask for what it does not have.
    /// </exception>
    public EmbedTask(GauModel model, EmbedderOptions options)
        : this(model, options, VectorPrecision.F32)
    {
    }

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How vectors are made; where texts are cut is a run's.</param>
    /// <param name="precision">
    /// How Parquet, Arrow and npy store the numbers; other formats store them as they are computed.
    /// </param>
    /// <exception cref="ScoringException">
    /// The options contradict the model, or ask for what it does not have.
    /// </exception>
    public EmbedTask(GauModel model, EmbedderOptions options, VectorPrecision precision)
        : this(HeadOf(model, options), precision)
    {
    }

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pooling">How the hidden states of a text become one vector.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1, after they were cut.</param>
    /// <param name="dimensions">Keep so many leading features; null: all h.</param>
    /// <exception cref="ScoringException">The model has fewer features.</exception>
    public EmbedTask(GauModel model, Pooling pooling, bool normalize = false, int? dimensions = null)
        : this(model, Options(pooling, normalize, dimensions))
    {
    }

    private EmbedTask(VectorHead head, VectorPrecision precision)
        : base(head)
    {
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision));
        (this.head, this.precision) = (head, precision);
        Columns = ResultColumn.OfVector(precision);
    }

    internal override string Name => precision == VectorPrecision.F32
        ? $"embed, {head.Name}"
        : $"embed, {head.Name}, precision {VectorPrecisions.NameOf(precision)}";

    internal override IReadOnlyList<ResultColumn> Columns { get; }

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + head.Dimensions * BytesPerNumber;

    internal override VectorDescription Describe(ScoringOptions options) => new()
    {
        Model = Model.File.Hash,
        ModelMetadata = Model.File.Metadata[ModelMetadata.MetadataHash],
        Pooling = head.Plan.Pooling,
        Normalize = head.Plan.Normalizes,
        Dimensions = head.Dimensions,
        Prefix = head.Plan.Prefix,
        MaxTokens = Math.Min(options.MaxLength, Model.MaxTokens),
        Similarity = Model.Embedding?.Similarity ?? Similarity.Cosine,
        Precision = precision,
        Task = head.Windows is { } windows ? $"{Name}, {windows}" : Name,
    };

    internal override string? Fault(Answer answer)
    {
        if (precision != VectorPrecision.F16)
            return null;
        foreach (float value in ((VectorAnswer)answer).Values)
        {
            if (Half.IsInfinity((Half)value))
                return "a number of the vector is beyond 65504, the greatest that f16 holds";
        }
        return null;
    }

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows) =>
        rows.Numbers("embedding", ((VectorAnswer)answer).Values);

    private static EmbedderOptions Options(Pooling pooling, bool normalize, int? dimensions)
    {
        EmbedderOptions options = new() { Pooling = pooling, Dimensions = dimensions };
        return normalize ? options with { Normalize = true } : options;
    }

    private static VectorHead HeadOf(GauModel model, EmbedderOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return Usage(() => new VectorHead(model, options));
    }
}
