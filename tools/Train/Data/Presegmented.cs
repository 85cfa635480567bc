using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary><c>pre</c>: the words of the corpus itself, which white space parts.</summary>
internal sealed class Presegmented : Segmenter
{
    /// <inheritdoc/>
    public override void Segment(string text, SplitMix64 stream, List<string> words)
    {
        words.Clear();
        words.AddRange(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
