using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>One vector per record: <c>embedding</c>.</summary>
public sealed class EmbedTask : RecordTask
{
    private readonly Pooling pooling;
    private readonly bool normalize;
    private readonly int dimensions;

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pooling">How the hidden states of a text become one vector.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1, after they were cut.</param>
    /// <param name="dimensions">Keep so many leading features; null: all h.</param>
    /// <exception cref="ScoringException">The model has fewer features.</exception>
    public EmbedTask(GauModel model, Pooling pooling, bool normalize = false, int? dimensions = null)
        : base(model)
    {
        int hidden = Model.Config.HiddenSize;
        if (dimensions is < 1 || dimensions > hidden)
            throw new ScoringException(ScoringFault.Usage, $"{dimensions} dimensions: the model has {hidden}");
        this.pooling = pooling;
        this.normalize = normalize;
        this.dimensions = dimensions ?? hidden;
    }

    internal override string Name => $"embed, pooling {pooling}, normalize {normalize}, dimensions {dimensions}";

    internal override IReadOnlyList<ResultColumn> Columns { get; } = [new("embedding", ResultType.Numbers)];

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + dimensions * BytesPerNumber;

    internal override string? Answer(in BatchEntry entry, Scratch scratch, ResultRows rows)
    {
        Span<float> vector = scratch.Values(dimensions);
        if (!Pooler.TryVector(scratch.Workspace, scratch.Batch, entry.FirstText, pooling, normalize, vector))
            return NotFinite;
        rows.Begin();
        Utf8JsonWriter json = rows.BeginNested("embedding");
        json.WriteStartArray();
        foreach (float value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        rows.EndNested();
        return null;
    }
}
