namespace GauRuntime.Train.Pretraining;

/// <summary>How far a run is, at the boundary of two updates.</summary>
internal sealed record TrainingProgress
{
    /// <summary>Updates that are in the weights.</summary>
    public long Updates { get; init; }

    /// <summary>The micro-batch that comes next.</summary>
    public BatchPosition Next { get; init; }

    /// <summary>Tokens that were trained on, padding not counted.</summary>
    public long Tokens { get; init; }

    /// <summary>Time that updates and evaluations took.</summary>
    public double Seconds { get; init; }

    /// <summary>Losses since the last point of the curve, summed over updates.</summary>
    public double LossSum { get; init; }

    /// <summary>Accuracies since then, summed over updates.</summary>
    public double AccuracySum { get; init; }

    /// <summary>Updates since then.</summary>
    public long Since { get; init; }

    /// <summary>What the loss is measured against, to see whether it explodes.</summary>
    public LossHistory Losses { get; init; }

    /// <summary>The same after another update.</summary>
    /// <param name="update">What came of it.</param>
    /// <param name="next">The micro-batch after it.</param>
    /// <param name="seconds">What it took.</param>
    public TrainingProgress After(UpdateResult update, BatchPosition next, double seconds) => this with
    {
        Updates = Updates + 1,
        Next = next,
        Tokens = Tokens + update.Tokens,
        Seconds = Seconds + seconds,
        LossSum = LossSum + update.Loss,
        AccuracySum = AccuracySum + update.Accuracy,
        Since = Since + 1,
        Losses = Losses.With(update.Loss),
    };

    /// <summary>The same where a point of the curve begins anew.</summary>
    /// <param name="seconds">What the evaluation took.</param>
    public TrainingProgress AtPoint(double seconds) =>
        this with { Seconds = Seconds + seconds, LossSum = 0, AccuracySum = 0, Since = 0 };
}

/// <summary>What came of an update.</summary>
/// <param name="Loss">Mean cross entropy per target in nats, a mean over the micro-batches.</param>
/// <param name="Accuracy">Share of the targets whose best token is the right one, the same mean.</param>
/// <param name="Tokens">Tokens of all micro-batches, padding not counted.</param>
internal readonly record struct UpdateResult(double Loss, double Accuracy, long Tokens);

/// <summary>A micro-batch among those of all epochs.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Batch">In the epoch, from 0.</param>
internal readonly record struct BatchPosition(long Epoch, int Batch);
