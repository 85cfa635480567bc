using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>One vector per record: <c>embedding</c>.</summary>
public sealed class EmbedTask : RecordTask
{
    private readonly int dimensions;

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pooling">How the hidden states of a text become one vector.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1, after they were cut.</param>
    /// <param name="dimensions">Keep so many leading features; null: all h.</param>
    /// <exception cref="ScoringException">The model has fewer features.</exception>
    public EmbedTask(GauModel model, Pooling pooling, bool normalize = false, int? dimensions = null)
        : base(new VectorHead(model, pooling, normalize, Checked(model, dimensions)))
    {
        this.dimensions = dimensions ?? model.Config.HiddenSize;
        Name = $"embed, pooling {pooling}, normalize {normalize}, dimensions {this.dimensions}";
    }

    internal override string Name { get; }

    internal override IReadOnlyList<ResultColumn> Columns { get; } = [new("embedding", ResultType.Numbers)];

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + dimensions * BytesPerNumber;

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows) =>
        rows.Numbers("embedding", ((VectorAnswer)answer).Values);

    private static int Checked(GauModel model, int? dimensions)
    {
        ArgumentNullException.ThrowIfNull(model);
        int hidden = model.Config.HiddenSize;
        return dimensions is < 1 || dimensions > hidden
            ? throw new ScoringException(ScoringFault.Usage, $"{dimensions} dimensions: the model has {hidden}")
            : dimensions ?? hidden;
    }
}
