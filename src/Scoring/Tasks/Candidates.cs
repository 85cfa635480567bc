using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>The texts that are ranked for queries: tokenized once, and held.</summary>
/// <remarks>
/// First they are added, then asked for. Asking is thread-safe, but for <see cref="CandidateGroup.IsMet"/>.
/// </remarks>
/// <param name="room">
/// Bytes that they may take. What is beyond is counted, and not held: nothing can be asked for then.
/// </param>
/// <param name="field">The field that names a candidate's query, or null.</param>
/// <param name="isRequired">Whether each has to have it; else the first that does tells.</param>
/// <param name="keepsRejects">Whether records that cannot be taken are kept as they were read.</param>
internal sealed class Candidates(long room, string? field, bool isRequired, bool keepsRejects)
{
    private const int BlockTokens = 1 << 16;   // more than a pair has

    // Lists that grow are copied.
    private const long BytesPerCandidate = 256, BytesPerGroup = 320, BytesPerReject = 512;

    private readonly List<int[]> blocks = [];
    private readonly List<Candidate> all = [];
    private readonly Dictionary<string, CandidateGroup> groups = new(StringComparer.Ordinal);
    private readonly List<RejectedRecord> rejects = [];
    private readonly XxHash128 digest = new();
    private CandidateGroup? everyone;   // of candidates that name no query
    private int taken = BlockTokens + 1;   // of the last block; there is none yet
    private long added, rejected;
    private long lackingBytes;   // of what is kept in case that others name their query

    /// <summary>How many there are.</summary>
    public long Count => added - Lacking;

    /// <summary>Records that could not be taken.</summary>
    public long Rejected => rejected + Lacking;

    /// <summary>Those of them that do not name their query although others do.</summary>
    public int Lacking => AreGrouped ? everyone?.Members.Count ?? 0 : 0;

    /// <summary>Where the first of these stands.</summary>
    public RecordPlace FirstLacking => everyone?.First ?? default;

    /// <summary>What all of them take, held or not.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether each belongs to one query, and else to all.</summary>
    public bool AreGrouped => isRequired || groups.Count > 0;

    /// <summary>Why a candidate is rejected that does not name its query.</summary>
    public string Lack { get; } = $"no field '{field}'";

    /// <summary>The rejected ones in order, where they are kept.</summary>
    public IReadOnlyList<RejectedRecord> RejectedRecords => rejects;

    /// <summary>All that the results depend on: texts as tokens, ids, queries, and why others were rejected.</summary>
    public UInt128 Digest => digest.GetCurrentHashAsUInt128();

    /// <summary>All groups that queries may meet.</summary>
    public IReadOnlyCollection<CandidateGroup> Groups =>
        AreGrouped ? groups.Values : (CandidateGroup[])(everyone is null ? [] : [everyone]);

    /// <summary>Those that name a query which none has met.</summary>
    public IEnumerable<KeyValuePair<string, CandidateGroup>> Unmet => groups.Where(group => !group.Value.IsMet);

    /// <summary>A candidate.</summary>
    public Candidate this[int index] => all[index];

    /// <summary>Its tokens.</summary>
    public TextTokens Tokens(int index)
    {
        Candidate one = all[index];
        return new TextTokens(blocks[one.Block].AsSpan(one.Start, one.Held), one.Total);
    }

    /// <summary>Those that a query meets.</summary>
    public CandidateGroup Of(RecordId query)
    {
        CandidateGroup? group = everyone;
        if (AreGrouped && (query.IsMissing || !groups.TryGetValue(query.ToString(), out group)))
            group = null;
        return group ?? CandidateGroup.None;
    }

    /// <summary>Adds a candidate.</summary>
    /// <param name="record">The record.</param>
    /// <param name="query">The query that it names, or null.</param>
    /// <param name="tokens">Its first tokens, with the number of all.</param>
    public void Add(in TextRecord record, string? query, TextTokens tokens)
    {
        string id = record.Id.ToString();
        bool isReplaced = record.Replaced == true;
        Append(record, query, $"{tokens.Total} {isReplaced}");
        digest.Append(MemoryMarshal.AsBytes(tokens.Ids));
        added++;
        if (query is null && field is not null)
            lackingBytes += Keep(record, Lack);
        Bytes += BytesPerCandidate + sizeof(char) * (long)id.Length;
        if (!Hold(tokens.Ids))
            return;
        Group(query).Add(all.Count, id.Length, record.Place);
        all.Add(new Candidate(
            record.Id, blocks.Count - 1, taken - tokens.Ids.Length, tokens.Ids.Length, tokens.Total, isReplaced));
    }

    /// <summary>Adds a record that could not be taken.</summary>
    /// <param name="record">The record.</param>
    /// <param name="query">The query that it names, where that can be read.</param>
    /// <param name="error">Why.</param>
    public void Reject(in TextRecord record, string? query, string error)
    {
        Append(record, query, error);
        digest.Append(record.Raw ?? MemoryMarshal.AsBytes(record.Text.AsSpan()));
        rejected++;
        Keep(record, error);
        Bytes += BytesPerCandidate + sizeof(char) * (long)(record.Id.ToString().Length + error.Length);
        if (Bytes <= room)
            Group(query).Add(new RejectedCandidate(record.Id, error));
    }

    /// <summary>All are there: those that name no query are rejected only where others do.</summary>
    public void Complete()
    {
        if (AreGrouped || Bytes > room)
            return;
        rejects.RemoveAll(one => one.Error == Lack);
        Bytes -= lackingBytes;
    }

    private long Keep(in TextRecord record, string error)
    {
        long bytes = keepsRejects ? BytesPerReject + record.Bytes : 0;
        Bytes += bytes;
        if (keepsRejects && Bytes <= room)
            rejects.Add(new RejectedRecord(record, error));
        return bytes;
    }

    private CandidateGroup Group(string? query)
    {
        if (query is null)
            return everyone ??= new CandidateGroup();
        if (!groups.TryGetValue(query, out CandidateGroup? group))
        {
            Bytes += BytesPerGroup + sizeof(char) * (long)query.Length;
            groups.Add(query, group = new CandidateGroup());
        }
        return group;
    }

    private bool Hold(ReadOnlySpan<int> tokens)
    {
        bool fits = taken + tokens.Length <= BlockTokens;
        Bytes += fits ? 0 : sizeof(int) * BlockTokens;
        if (Bytes > room)
        {
            taken = fits ? taken + tokens.Length : tokens.Length;
            return false;
        }
        if (!fits)
        {
            blocks.Add(new int[BlockTokens]);
            taken = 0;
        }
        tokens.CopyTo(blocks[^1].AsSpan(taken));
        taken += tokens.Length;
        return true;
    }

    private void Append(in TextRecord record, string? query, string what)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        string id = string.Create(CultureInfo.InvariantCulture, $"{record.Number} {record.Id.Spelling}");
        foreach (string? text in (ReadOnlySpan<string?>)[id, query, what])
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text?.Length ?? -1);
            digest.Append(length);
            digest.Append(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }
}
