using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary>
/// <c>span</c>: 1, 2 or 3 Chinese characters in a row, with probability 2/5, 2/5 and 1/5, other ones for every sample.
/// </summary>
internal sealed class Spans : HanSegmenter
{
    private static ReadOnlySpan<int> Lengths => [1, 1, 2, 2, 3];

    /// <inheritdoc/>
    protected override void Cut(ReadOnlySpan<char> run, SplitMix64 stream, List<string> words)
    {
        for (int length; run.Length > 0; run = run[length..])
        {
            length = Units(run, Lengths[(int)(stream.Uniform() * Lengths.Length)]);
            words.Add(run[..length].ToString());
        }
    }
}
