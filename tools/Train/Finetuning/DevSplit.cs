using GauRuntime.Scoring.Records;
using GauRuntime.Train.Numbers;
using GauRuntime.Weights;

namespace GauRuntime.Train.Finetuning;

/// <summary>Records that are trained on, and those that judge.</summary>
/// <param name="Train">At least one.</param>
/// <param name="Dev">At least one.</param>
internal sealed record DevSplit(IReadOnlyList<TextRecord> Train, IReadOnlyList<TextRecord> Dev)
{
    private const ulong Stream = 1;   // what the random order is mixed with, so that no other is the same

    /// <summary>Takes a share at random.</summary>
    /// <param name="records">All.</param>
    /// <param name="share">Between 0 and 1: of those that judge.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="source">Where they are from, for messages.</param>
    /// <exception cref="GauFormatException">There are too few.</exception>
    public static DevSplit Of(IReadOnlyList<TextRecord> records, double share, ulong seed, string source)
    {
        if (records.Count < 2)
            throw new GauFormatException(
                source, "records", "one record cannot both train and judge: --dev names others");
        int count = Math.Clamp((int)Math.Round(share * records.Count), 1, records.Count - 1);
        int[] order = Permutation.Of(records.Count, Seeds.Mix64(seed, Stream));
        // In the order of the inputs, both.
        return new DevSplit(
            [.. order[count..].Order().Select(i => records[i])], [.. order[..count].Order().Select(i => records[i])]);
    }
}
