using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary>
/// Cuts runs of Chinese characters; a run of letters and digits is a word, one of white space too, and any other
/// character.
/// </summary>
internal abstract class HanSegmenter : Segmenter
{
    /// <inheritdoc/>
    public sealed override void Segment(string text, SplitMix64 stream, List<string> words)
    {
        words.Clear();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = TextRuns.End(text, start, out RunKind kind);
            if (kind == RunKind.Han)
                Cut(text.AsSpan(start, end - start), stream, words);
            else
                words.Add(text[start..end]);
        }
    }

    /// <summary>Adds the words of a run.</summary>
    /// <param name="run">Chinese characters, one at least.</param>
    /// <param name="stream">As for <see cref="Segment"/>.</param>
    /// <param name="words">Receives them.</param>
    protected abstract void Cut(ReadOnlySpan<char> run, SplitMix64 stream, List<string> words);

    /// <summary>UTF-16 units of the first of so many characters, or of all there are.</summary>
    protected static int Units(ReadOnlySpan<char> run, int characters)
    {
        int units = 0;
        for (; characters > 0 && units < run.Length; characters--)
            units += char.IsSurrogate(run[units]) ? 2 : 1;
        return units;
    }
}
