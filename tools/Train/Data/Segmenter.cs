using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary>Cuts texts into words. It decides nothing but which tokens are masked together.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal abstract class Segmenter
{
    /// <summary>Whether the tokens of a word are masked each on its own.</summary>
    public virtual bool PartsTokens => false;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="stream">Where words are cut at random, what decides; its seed belongs to the sample.</param>
    /// <param name="words">Receives the words in their order; what it held is gone.</param>
    public abstract void Segment(string text, SplitMix64 stream, List<string> words);
}
