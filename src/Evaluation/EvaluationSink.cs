using System.Buffers;
using System.Text.Json;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Pipeline;

namespace GauRuntime.Evaluation;

/// <summary>Takes the rows of a run, as they would be written, and compares them with their labels.</summary>
/// <param name="evaluation">Counts.</param>
/// <param name="field">Where the labels are.</param>
/// <param name="rejects">Where rejected records go as well, or null.</param>
/// <param name="predictions">Takes the answers, or null.</param>
internal sealed class EvaluationSink(
    HeadEvaluation evaluation, LabelField field, Stream? rejects, PredictionWriter? predictions) : RowSink
{
    private readonly ArrayBufferWriter<byte> lines = new();

    /// <summary>Why records were rejected.</summary>
    public RejectReasons Reasons { get; } = new();

    /// <summary>Records with an answer and no label.</summary>
    public long Unlabelled { get; private set; }

    public override bool WantsRejects => rejects is not null;

    public override void Header(ReadOnlySpan<byte> header) => predictions?.Begin();

    public override void Row(
        ReadOnlySpan<byte> row, ReadOnlySpan<byte> reject, in RunCounts counts, UInt128 inputDigest)
    {
        lines.Write(reject);
        Utf8JsonReader reader = new(row);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement json = document.RootElement;
        if (json.TryGetProperty("error"u8, out JsonElement error))
        {
            Reasons.Add(error.GetString()!);
            return;
        }
        predictions?.Add(json);
        if (field.OfRow(json) is { } label)
            evaluation.Add(json, label);
        else
            Unlabelled++;
    }

    public override void EndBatch()
    {
        rejects?.Write(lines.WrittenSpan);
        lines.ResetWrittenCount();
        predictions?.Flush();
    }

    public override void Stop() => EndBatch();

    public override void Complete()
    {
        predictions?.End();
        EndBatch();
        rejects?.Flush();
    }
}
