using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>
/// What of a text is a window's own, where answers say something of every token: each token's numbers are those of the
/// window in which it is farthest from the edge. So the middle of what two windows have in common parts them; the first
/// text of a pair, which all windows have, is the first window's.
/// </summary>
/// <param name="text">The text that windows are pieces of: 0, or of a pair 1.</param>
/// <param name="isFirst">Whether it is the first window.</param>
/// <param name="start">Where what is its own begins, in UTF-16 units.</param>
/// <param name="end">Where that of the next begins.</param>
internal readonly struct WindowShare(int text, bool isFirst, int start, int end)
{
    /// <summary>The share of a window.</summary>
    /// <param name="batch">Knows the places of tokens.</param>
    /// <param name="first">The first window of the text.</param>
    /// <param name="count">Its windows.</param>
    /// <param name="index">Which of them.</param>
    public static WindowShare Of(AnswerBatch batch, int first, int count, int index)
    {
        ReadOnlySpan<TokenSpan> places = batch.Places(first + index);
        int text = Math.Max(0, places[^2].Text);   // before the last [SEP]
        return new WindowShare(
            text,
            index == 0,
            index == 0 ? int.MinValue : Middle(batch.Places(first + index - 1), places, text),
            index == count - 1 ? int.MaxValue : Middle(places, batch.Places(first + index + 1), text));
    }

    /// <summary>Whether a token of the window is its own.</summary>
    public bool Has(TokenSpan place) => place.Text == text
        ? place.Start >= start && place.Start < end
        : place.Text == 0 && isFirst;

    private static int Middle(ReadOnlySpan<TokenSpan> before, ReadOnlySpan<TokenSpan> behind, int text)
    {
        int end = before[^2].End, start = behind[^2].Start;
        for (int i = behind.Length - 2; i >= 0 && behind[i].Text == text; i--)
            start = behind[i].Start;
        return (int)(((long)start + end) / 2);
    }
}
