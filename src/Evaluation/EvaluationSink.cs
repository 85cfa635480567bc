using System.Buffers;
using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Evaluation;

/// <summary>Takes the answers of a run and compares them with their labels.</summary>
/// <param name="evaluation">Counts.</param>
/// <param name="rejects">Where rejected records go as well, or null.</param>
/// <param name="predictions">Takes the answers, or null.</param>
internal sealed class EvaluationSink(
    HeadEvaluation evaluation, Stream? rejects, PredictionWriter? predictions) : RowSink
{
    private readonly ArrayBufferWriter<byte> lines = new();

    /// <summary>Makes answers of logits, where the run gives those; else null.</summary>
    public CalibratedAnswers? Calibrated { get; init; }

    /// <summary>Takes what a page shows, or null.</summary>
    public EvaluationDetails? Details { get; init; }

    /// <summary>Why records were rejected.</summary>
    public RejectReasons Reasons { get; } = new();

    /// <summary>Records with an answer and no label.</summary>
    public long Unlabelled { get; private set; }

    public override bool WantsRejects => rejects is not null;

    public override bool WantsRows => false;

    public override void Reject(ReadOnlySpan<byte> reject) => rejects?.Write(reject);

    public override void Header(ReadOnlySpan<byte> header, in RunCounts counts) => predictions?.Begin();

    public override void Row(
        in BatchEntry entry, ReadOnlySpan<byte> row, ReadOnlySpan<byte> reject, in RunCounts counts)
    {
        lines.Write(reject);
        if (entry.Answer.Error is { } error)
        {
            Reasons.Add(error);
            return;
        }
        Answer answer = entry.Answer.Value!;
        if (Calibrated is not null)
        {
            Calibrated.Read(((NumbersAnswer)answer).Values, answer.Text);
            answer = Calibrated.After;
        }
        predictions?.Add(entry.Record, answer);
        using JsonDocument? label = LabelField.Of(entry.Record, evaluation);
        if (label is null)
        {
            Unlabelled++;
            return;
        }
        double fault = evaluation.Add(entry.Record, answer, label.RootElement, Calibrated?.Before);
        Details?.Add(entry.Record, answer, label.RootElement, fault);
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
