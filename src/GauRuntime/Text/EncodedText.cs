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
    private int[] _ids = new int[64];                // [_count]
    private int[] _segments = new int[64];           // [_count]
    private TokenSpan[] _spans = new TokenSpan[64];  // [_count]
    private int _count;

    /// <summary>Token ids, [CLS] and [SEP] included; [tokens].</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _count);

    /// <summary>Segment ids, 0 or 1; [tokens].</summary>
    public ReadOnlySpan<int> Segments => _segments.AsSpan(0, _count);

    /// <summary>Where each token came from; [tokens].</summary>
    public ReadOnlySpan<TokenSpan> Spans => _spans.AsSpan(0, _count);

    /// <summary>Number of tokens before truncation, [CLS] and [SEP] included.</summary>
    public int TotalTokens { get; internal set; }

    /// <summary>Whether tokens were cut off.</summary>
    public bool Truncated => TotalTokens > _count;

    internal int Count => _count;

    internal void Clear()
    {
        _count = 0;
        TotalTokens = 0;
    }

    internal void Add(int id, TokenSpan span)
    {
        if (_count == _ids.Length)
            Grow();
        _ids[_count] = id;
        _segments[_count] = 0;
        _spans[_count++] = span;
    }

    /// <summary>Removes tokens [start, end).</summary>
    internal void Remove(int start, int end)
    {
        Debug.Assert(start >= 0 && end >= start && end <= _count);
        _ids.AsSpan(end, _count - end).CopyTo(_ids.AsSpan(start));
        _spans.AsSpan(end, _count - end).CopyTo(_spans.AsSpan(start));
        _count -= end - start;
    }

    /// <summary>Segment 0 for tokens before <paramref name="start"/>, 1 from there on.</summary>
    internal void StartSecondSegment(int start) => _segments.AsSpan(start, _count - start).Fill(1);

    private void Grow()
    {
        int size = 2 * _count;
        Array.Resize(ref _ids, size);
        Array.Resize(ref _segments, size);
        Array.Resize(ref _spans, size);
    }
}
