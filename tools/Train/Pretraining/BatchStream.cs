using GauRuntime.Tools;
using GauRuntime.Train.Data;

namespace GauRuntime.Train.Pretraining;

/// <summary>A micro-batch, as plain numbers.</summary>
/// <param name="Samples">One or more, each with a target.</param>
/// <param name="Next">The place of the micro-batch behind it.</param>
internal sealed record MicroBatch(IReadOnlyList<MaskedSample> Samples, BatchPosition Next);

/// <summary>Micro-batches without end, epoch after epoch.</summary>
/// <remarks>
/// Which they are follows from a place alone, so a run goes on from there. Samples without a target are left out, and
/// micro-batches of nothing else. They are made on the caller's thread: TorchSharp does not keep the numbers alive that
/// it hands to libtorch, so nothing else may start a garbage collection meanwhile; and it takes some thousandths of an
/// update.
/// </remarks>
/// <param name="batchesOf">The micro-batches of an epoch, as indices of pieces.</param>
/// <param name="sampleOf">A piece, masked as in an epoch; null: nothing in it is masked.</param>
/// <param name="next">Where to begin.</param>
internal sealed class BatchStream(
    Func<long, IReadOnlyList<int[]>> batchesOf, Func<long, int, MaskedSample?> sampleOf, BatchPosition next)
{
    // One piece of a single word has a target in every seventh; in a hundred, all but once in ten million times.
    private const int EpochsWithoutTarget = 100;

    private (long Epoch, IReadOnlyList<int[]> Batches) epoch = (-1, []);

    /// <summary>The next micro-batch.</summary>
    /// <exception cref="ToolException">In several epochs there was no target.</exception>
    public MicroBatch Next()
    {
        for (long first = next.Epoch; next.Epoch < first + EpochsWithoutTarget;)
        {
            if (epoch.Epoch != next.Epoch)
                epoch = (next.Epoch, batchesOf(next.Epoch));
            if (next.Batch >= epoch.Batches.Count)
            {
                next = new BatchPosition(next.Epoch + 1, 0);
                continue;
            }
            int[] pieces = epoch.Batches[next.Batch];
            next = next with { Batch = next.Batch + 1 };
            MaskedSample[] samples =
                [.. pieces.Select(piece => sampleOf(next.Epoch, piece)).OfType<MaskedSample>()];
            if (samples.Length > 0)
                return new MicroBatch(samples, next);
        }
        throw new ToolException(
            ExitCode.MalformedInput,
            $"the corpus: in {EpochsWithoutTarget} epochs no word was masked; its texts are too few or too short");
    }
}
