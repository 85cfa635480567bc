using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary><c>char</c>: every token is masked on its own, those of letters too.</summary>
internal sealed class Characters : HanSegmenter
{
    /// <inheritdoc/>
    public override bool PartsTokens => true;

    /// <inheritdoc/>
    protected override void Cut(ReadOnlySpan<char> run, SplitMix64 stream, List<string> words)
    {
        for (int length; run.Length > 0; run = run[length..])
        {
            length = Units(run, 1);
            words.Add(run[..length].ToString());
        }
    }
}
