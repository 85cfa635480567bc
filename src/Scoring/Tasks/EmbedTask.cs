using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>One vector per record: <c>embedding</c>.</summary>
public sealed class EmbedTask : RecordTask
{
    private readonly VectorHead head;

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How vectors are made; where texts are cut is a run's.</param>
    /// <exception cref="ScoringException">
    /// The options contradict the model, or ask for what it does not have.
    /// </exception>
    public EmbedTask(GauModel model, EmbedderOptions options)
        : this(HeadOf(model, options))
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

    private EmbedTask(VectorHead head)
        : base(head) => this.head = head;

    internal override string Name => $"embed, {head.Name}";

    internal override IReadOnlyList<ResultColumn> Columns { get; } = [new("embedding", ResultType.Numbers)];

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + head.Dimensions * BytesPerNumber;

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
