using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Why records were rejected, grouped by kind: a few are kept, whatever the inputs hold.</summary>
/// <remarks>
/// Reasons are of a kind where they differ only in numbers and in what stands in quotes, which comes from the records;
/// so there are hardly more kinds than places in the program that give one. Used by the thread that writes a run; to be
/// read when the run has ended.
/// </remarks>
internal sealed class RejectKinds
{
    private const int MostKinds = 256;
    private const int LongestKey = 200;

    private readonly Dictionary<string, RejectKind> kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RejectKind>.AlternateLookup<ReadOnlySpan<char>> byKey;

    internal RejectKinds() => byKey = kinds.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All rejected records; those of earlier attempts at a job are not among them.</summary>
    public long Records { get; private set; }

    /// <summary>The kinds of most records first; of as many, the one that came first.</summary>
    public IReadOnlyList<RejectKind> MostFrequent(int count) =>
        [.. kinds.Values.OrderByDescending(kind => kind.Records).Take(count)];

    /// <summary>The most frequent kinds, and how many records are of none of them, a line each.</summary>
    public IReadOnlyList<string> Lines(int count)
    {
        IReadOnlyList<RejectKind> shown = MostFrequent(count);
        long others = Records - shown.Sum(kind => kind.Records);
        string[] rest = others == 0 ? [] : [$"{others} more records were rejected for other reasons"];
        return [.. shown.Select(kind => kind.ToString()), .. rest];
    }

    internal void Add(in TextRecord record, string reason, RecordFields fields)
    {
        Records++;
        Span<char> buffer = stackalloc char[LongestKey];
        ReadOnlySpan<char> key = Key(reason, fields, buffer);
        if (byKey.TryGetValue(key, out RejectKind? kind))
            byKey[key] = kind with { Records = kind.Records + 1, IsSame = kind.IsSame && kind.Reason == reason };
        else if (kinds.Count < MostKinds)
            byKey[key] = new RejectKind(
                reason, 1, record.Place, IsSame: true,
                RejectKind.IsLack(reason) ? RecordFieldNames.Of(record, fields) : []);
    }

    // A field that was asked for is the same in all records, and two of them are two kinds. Whatever else is quoted may
    // hold quotes too, so it ends with the last.
    private static ReadOnlySpan<char> Key(string reason, RecordFields fields, Span<char> buffer)
    {
        int open = reason.IndexOf('\'', StringComparison.Ordinal), close = reason.LastIndexOf('\'');
        ReadOnlySpan<char> quoted = close > open ? reason.AsSpan(open + 1, close - open - 1) : [];
        bool isAsked = quoted.SequenceEqual(fields.Text) || quoted.SequenceEqual(fields.Pair)
            || quoted.SequenceEqual(fields.Id) || quoted.SequenceEqual(fields.Choices);
        int length = 0;
        for (int i = 0; i < reason.Length && length < buffer.Length; i++)
        {
            if (i == open + 1 && !isAsked && quoted.Length > 0)
                i = close;
            if (!char.IsAsciiDigit(reason[i]) || isAsked && i > open && i < close)
                buffer[length++] = reason[i];
            else if (length == 0 || buffer[length - 1] != '0')
                buffer[length++] = '0';
        }
        return buffer[..length];
    }
}
