using System.Diagnostics;

namespace GauRuntime.Text;

/// <summary>The tokens of one text or pair, in buffers that are reused.</summary>
/// <remarks>
/// The buffers grow to the longest result seen, never beyond about four times the <c>maxLength</c> it was made with,
/// and are kept: a warm instance allocates nothing. Spans obtained from it are valid until it is filled again. Not
/// thread-safe.
/// </remarks>
public sealed class EncodedText
{
    private int[] ids = new int[64];                // [count]
    private int[] segments = new int[64];           // [count]
    private TokenSpan[] spans = new TokenSpan[64];  // [count]
    private int count;

    /// <summary>Token ids, [CLS] and [SEP] included; [tokens].</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, count);

    /// <summary>Segment ids, 0 or 1; [tokens].</summary>
    public ReadOnlySpan<int> Segments => segments.AsSpan(0, count);

    /// <summary>Where each token came from; [tokens].</summary>
    public ReadOnlySpan<TokenSpan> Spans => spans.AsSpan(0, count);

    /// <summary>Number of tokens before truncation, [CLS] and [SEP] included.</summary>
    public int TotalTokens { get; internal set; }

    /// <summary>Whether tokens were cut off.</summary>
    public bool Truncated => TotalTokens > count;

    /// <summary>Whether it holds nothing of a text, only [CLS] and [SEP].</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (TokenSpan span in Spans)
            {
                if (span.Text >= 0)
                    return false;
            }
            return true;
        }
    }

    internal int Count => count;

    internal void Clear()
    {
        count = 0;
        TotalTokens = 0;
    }

    internal void Add(int id, TokenSpan span)
    {
        if (count == ids.Length)
            Grow();
        ids[count] = id;
        segments[count] = 0;
        spans[count++] = span;
    }

    /// <summary>Removes tokens [start, end).</summary>
    internal void Remove(int start, int end)
    {
        Debug.Assert(start >= 0 && end >= start && end <= count);
        ids.AsSpan(end, count - end).CopyTo(ids.AsSpan(start));
        spans.AsSpan(end, count - end).CopyTo(spans.AsSpan(start));
        count -= end - start;
    }

    /// <summary>Makes tokens of the beginning of the first text no part of it, as [CLS] is none.</summary>
    /// <param name="units">UTF-16 units at its beginning.</param>
    internal void LeaveOut(int units)
    {
        if (units == 0)
            return;
        foreach (ref TokenSpan span in spans.AsSpan(0, count))
            if (span.Text == 0)
                span = span.End <= units
                    ? TokenSpan.Added
                    : new TokenSpan(0, Math.Max(0, span.Start - units), span.End - units);
    }

    /// <summary>Places of a text that was a piece of another, in that other.</summary>
    /// <param name="text">The text that was one: 0 or 1.</param>
    /// <param name="units">UTF-16 units before the piece.</param>
    internal void MoveTo(int text, int units)
    {
        if (units == 0)
            return;
        foreach (ref TokenSpan span in spans.AsSpan(0, count))
            if (span.Text == text)
                span = new TokenSpan(text, span.Start + units, span.End + units);
    }

    /// <summary>Segment 0 for tokens before <paramref name="start"/>, 1 from there on.</summary>
    internal void StartSecondSegment(int start) => segments.AsSpan(start, count - start).Fill(1);

    private void Grow()
    {
        int size = 2 * count;
        Array.Resize(ref ids, size);
        Array.Resize(ref segments, size);
        Array.Resize(ref spans, size);
    }
}
