using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>Texts as flat token ids with offsets: no padding, no mask. A masked token is simply absent.</summary>
/// <remarks>Reusable: <see cref="Clear"/> keeps the buffers. Not thread-safe.</remarks>
public sealed class GauBatch
{
    /// <summary>Where texts are cut if nothing else is said, in tokens.</summary>
    public const int UsualMaxLength = 4096;

    /// <summary>Longest text and highest position + 1.</summary>
    public const int MaxLength = 65_536;

    private int[] ids = new int[256], segments = new int[256], positions = new int[256];
    private int[] starts = new int[17];

    /// <summary>Number of texts.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens of all texts.</summary>
    public int TokenCount => starts[Count];

    /// <summary>Tokens of the longest text.</summary>
    public int LongestText { get; private set; }

    /// <summary>Highest position.</summary>
    internal int HighestPosition { get; private set; }

    /// <summary>Ids of all tokens [TokenCount].</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, TokenCount);

    /// <summary>Segment ids of all tokens [TokenCount].</summary>
    public ReadOnlySpan<int> Segments => segments.AsSpan(0, TokenCount);

    /// <summary>Positions of all tokens in their texts [TokenCount].</summary>
    public ReadOnlySpan<int> Positions => positions.AsSpan(0, TokenCount);

    /// <summary>Index of a text's first token.</summary>
    public int Start(int text) => starts[Checked(text)];

    /// <summary>Number of a text's tokens.</summary>
    public int Length(int text) => starts[Checked(text) + 1] - starts[text];

    /// <summary>Removes all texts.</summary>
    public void Clear()
    {
        Count = 0;
        LongestText = 0;
        HighestPosition = 0;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="ids">Token ids [n], 1 ≤ n ≤ <see cref="MaxLength"/>.</param>
    /// <param name="segments">Segment ids [n]; empty: all 0.</param>
    /// <param name="positions">Positions [n], ascending, below <see cref="MaxLength"/>; empty: 0 … n − 1.</param>
    /// <returns>The text's index.</returns>
    /// <exception cref="ArgumentException">A length or position is out of range.</exception>
    public int Add(ReadOnlySpan<int> ids, ReadOnlySpan<int> segments = default, ReadOnlySpan<int> positions = default)
    {
        int n = ids.Length, start = TokenCount;
        if (n is 0 or > MaxLength)
            throw new ArgumentException($"a text has 1 to {MaxLength} tokens, not {n}", nameof(ids));
        if (!segments.IsEmpty && segments.Length != n)
            throw new ArgumentException($"{segments.Length} segment ids for {n} tokens", nameof(segments));
        CheckPositions(positions, n);
        Reserve(start + n);
        ids.CopyTo(this.ids.AsSpan(start));
        if (segments.IsEmpty)
            this.segments.AsSpan(start, n).Clear();
        else
            segments.CopyTo(this.segments.AsSpan(start));
        if (positions.IsEmpty)
            for (int i = 0; i < n; i++)
                this.positions[start + i] = i;
        else
            positions.CopyTo(this.positions.AsSpan(start));

        LongestText = Math.Max(LongestText, n);
        HighestPosition = Math.Max(HighestPosition, this.positions[start + n - 1]);
        starts[Count + 1] = start + n;
        return Count++;
    }

    /// <summary>Throws unless every id, segment id and position is one of the model's.</summary>
    internal void Check(ModelConfig config)
    {
        foreach (int id in Ids)
            if ((uint)id >= (uint)config.VocabSize)
                throw new ArgumentException($"token id {id} is outside of the vocabulary of {config.VocabSize}");
        foreach (int segment in Segments)
            if ((uint)segment >= (uint)Math.Max(config.SegmentCount, 1))
                throw new ArgumentException($"segment id {segment} is outside of the {config.SegmentCount} segments");
        if (config.PositionCount > 0 && HighestPosition >= config.PositionCount)
            throw new ArgumentException(
                $"a text with position {HighestPosition}, but the model has learned {config.PositionCount} positions");
    }

    private static void CheckPositions(ReadOnlySpan<int> positions, int n)
    {
        if (positions.IsEmpty)
            return;
        if (positions.Length != n)
            throw new ArgumentException($"{positions.Length} positions for {n} tokens", nameof(positions));
        int before = -1;
        foreach (int position in positions)
        {
            if (position <= before || position >= MaxLength)
                throw new ArgumentException(
                    $"position {position} after {before}: positions ascend, below {MaxLength}", nameof(positions));
            before = position;
        }
    }

    private void Reserve(int tokens)
    {
        if (tokens > ids.Length)
        {
            int capacity = Math.Max(tokens, 2 * ids.Length);
            Array.Resize(ref ids, capacity);
            Array.Resize(ref segments, capacity);
            Array.Resize(ref positions, capacity);
        }
        if (Count + 2 > starts.Length)
            Array.Resize(ref starts, 2 * starts.Length);
    }

    private int Checked(int text) =>
        (uint)text < (uint)Count
            ? text
            : throw new ArgumentOutOfRangeException(nameof(text), text, $"there are {Count} texts");
}
