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
    private int[] ids = new int[64];        // [count]
    private int[] segments = new int[64];   // [count]
    private TokenSpan[] spans = [];         // [count] where they are kept
    private int count;
    private int specials;                   // tokens of no text

    /// <summary>Tokens with <see cref="Spans"/>.</summary>
    public EncodedText()
        : this(keepsSpans: true)
    {
    }

    /// <summary>Tokens with or without <see cref="Spans"/>: without them text becomes tokens faster.</summary>
    /// <param name="keepsSpans">Whether it is kept where tokens came from.</param>
    public EncodedText(bool keepsSpans) => Prepare(keepsSpans);

    /// <summary>Token ids, [CLS] and [SEP] included; [tokens].</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, count);

    /// <summary>Segment ids, 0 or 1; [tokens].</summary>
    public ReadOnlySpan<int> Segments => segments.AsSpan(0, count);

    /// <summary>Whether there are <see cref="Spans"/>.</summary>
    public bool KeepsSpans { get; private set; }

    /// <summary>Where each token came from; [tokens].</summary>
    /// <exception cref="InvalidOperationException">It was made to keep none.</exception>
    public ReadOnlySpan<TokenSpan> Spans => KeepsSpans
        ? spans.AsSpan(0, count)
        : throw new InvalidOperationException("no spans are kept: it was made with keepsSpans: false");

    /// <summary>Number of tokens before truncation, [CLS] and [SEP] included.</summary>
    public int TotalTokens { get; private set; }

    /// <summary>Whether tokens were cut off.</summary>
    public bool Truncated => TotalTokens > count;

    /// <summary>Whether it holds nothing of a text, only [CLS] and [SEP].</summary>
    public bool IsEmpty => count == specials;

    internal int Count => count;

    internal void Clear()
    {
        count = 0;
        specials = 0;
        TotalTokens = 0;
    }

    /// <summary>Clears it, and says whether spans are kept from now on.</summary>
    internal void Prepare(bool keepsSpans)
    {
        Clear();
        KeepsSpans = keepsSpans;
        if (keepsSpans && spans.Length < ids.Length)
            spans = new TokenSpan[ids.Length];
    }

    /// <summary>Adds a token of a text, see <see cref="TokenSpan"/>.</summary>
    internal void Add(int id, int text, int start, int end)
    {
        if (count == ids.Length)
            Grow();
        ids[count] = id;
        if (KeepsSpans)
            spans[count] = new TokenSpan(text, start, end);
        count++;
    }

    /// <summary>Adds [CLS], [SEP] or another token that is of no text.</summary>
    internal void AddSpecial(int id)
    {
        Add(id, TokenSpan.Added.Text, TokenSpan.Added.Start, TokenSpan.Added.End);
        specials++;
    }

    /// <summary>Removes tokens [start, end) of a text.</summary>
    internal void Remove(int start, int end)
    {
        Debug.Assert(start >= 0 && end >= start && end <= count);
        ids.AsSpan(end, count - end).CopyTo(ids.AsSpan(start));
        if (KeepsSpans)
            spans.AsSpan(end, count - end).CopyTo(spans.AsSpan(start));
        count -= end - start;
    }

    /// <summary>Makes tokens of the beginning of the first text no part of it, as [CLS] is none.</summary>
    /// <param name="units">UTF-16 units at its beginning; where there are any, spans have to be kept.</param>
    internal void LeaveOut(int units)
    {
        if (units == 0)
            return;
        Debug.Assert(KeepsSpans);
        foreach (ref TokenSpan span in spans.AsSpan(0, count))
        {
            if (span.Text != 0)
                continue;
            bool isOut = span.End <= units;
            span = isOut ? TokenSpan.Added : new TokenSpan(0, Math.Max(0, span.Start - units), span.End - units);
            specials += isOut ? 1 : 0;
        }
    }

    /// <summary>Ends a text or pair: all tokens are of segment 0.</summary>
    /// <param name="total">Tokens before truncation.</param>
    internal void Complete(int total)
    {
        segments.AsSpan(0, count).Clear();
        TotalTokens = total;
    }

    /// <summary>Makes of places in a piece of a text places in that text, where they are kept.</summary>
    /// <param name="text">The text that was one: 0 or 1.</param>
    /// <param name="units">UTF-16 units before the piece.</param>
    internal void MoveTo(int text, int units)
    {
        if (units == 0 || !KeepsSpans)
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
        if (KeepsSpans)
            Array.Resize(ref spans, size);
    }
}
