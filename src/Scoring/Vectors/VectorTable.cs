using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Vectors;

/// <summary>A record without a vector.</summary>
/// <param name="Before">The row of the vector that follows it.</param>
/// <param name="Id">What names it.</param>
/// <param name="Error">Why it has none.</param>
internal readonly record struct RecordWithoutVector(int Before, RecordId Id, string Error);

/// <summary>Vectors, and the records that they are of.</summary>
internal sealed class VectorTable : IDisposable
{
    private const char Missing = '#';   // before the number of a record whose id is missing

    private readonly ArrayBufferWriter<byte> id = new();
    private readonly Utf8List ids = new();
    private readonly Utf8List? texts;
    private readonly List<RecordWithoutVector> rejected = [];
    private readonly List<RejectedRecord> rejectedRecords = [];
    private readonly VectorSpool? spool;
    private EmbeddingVectors? vectors;
    private long rejectedBytes;
    private bool lacksText;

    /// <summary>Vectors that are read or computed, and go to a file of their own.</summary>
    /// <param name="name">What messages call them.</param>
    /// <param name="keepsTexts">Whether texts are held.</param>
    public VectorTable(string name, bool keepsTexts)
    {
        (Name, spool) = (name, new VectorSpool());
        texts = keepsTexts ? new Utf8List() : null;
    }

    /// <summary>Vectors that lie in a file as they are needed.</summary>
    public VectorTable(string name, EmbeddingVectors vectors) => (Name, this.vectors) = (name, vectors);

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>What the vectors are; null where nothing says so.</summary>
    public VectorDescription? Description { get; set; }

    /// <summary>The vectors, once there are no more to come.</summary>
    public EmbeddingVectors Vectors => vectors ??= spool!.Finish(Name);

    /// <summary>Whether records without a vector are held, for a file of rejects.</summary>
    public bool KeepsRejects { get; init; }

    /// <summary>Records that could not be embedded: those without a vector, where this run has tried.</summary>
    public long NotEmbedded { get; private set; }

    /// <summary>These, as they were read; none unless they are held.</summary>
    public IReadOnlyList<RejectedRecord> RejectedRecords => rejectedRecords;

    /// <summary>Records that have no vector, in order.</summary>
    public IReadOnlyList<RecordWithoutVector> Rejected => rejected;

    /// <summary>What ids, texts and held records take.</summary>
    public long Bytes => ids.Bytes + (texts?.Bytes ?? 0) + rejectedBytes;

    /// <summary>Whether every vector has a text, and texts are held.</summary>
    public bool HasTexts => texts is not null && !lacksText;

    /// <summary>What names the record of a vector: its row where nothing else does.</summary>
    public RecordId Id(int row)
    {
        if (ids.Count == 0)
            return RecordId.OfNumber(row);
        string text = Encoding.UTF8.GetString(ids[row]);
        return text[0] == Missing
            ? RecordId.Missing(long.Parse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture))
            : RecordId.OfJson(text);
    }

    /// <summary>The text of a vector's record.</summary>
    public string Text(int row) => Encoding.UTF8.GetString(texts![row]);

    /// <summary>Adds a record and its vector.</summary>
    /// <returns>Why that cannot be, or null.</returns>
    public string? Add(RecordId id, ReadOnlySpan<float> vector, string? text)
    {
        if (!spool!.Add(vector))
            return $"a vector of {vector.Length} numbers; those before have {spool.Dimensions}";
        AddId(id);
        lacksText |= text is null;
        texts?.Add(Encoding.UTF8.GetBytes(text ?? ""));
        return null;
    }

    /// <summary>Adds the id of the next of the vectors that are there already.</summary>
    public void AddId(RecordId id)
    {
        this.id.ResetWrittenCount();
        using (Utf8JsonWriter json = new(this.id, JsonRows.Options))
        {
            json.WriteStartObject();
            id.WriteProperties(json);
            json.WriteEndObject();
        }
        Utf8JsonReader reader = new(this.id.WrittenSpan);
        reader.Read();
        reader.Read();
        reader.Read();   // the value of id
        if (reader.TokenType != JsonTokenType.Null)
        {
            ids.Add(this.id.WrittenSpan[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]);
            return;
        }
        reader.Read();
        reader.Read();   // that of record
        ids.Add(Encoding.UTF8.GetBytes($"{Missing}{reader.GetInt64()}"));
    }

    /// <summary>Adds a record without a vector.</summary>
    public void Reject(RecordId id, string error) => rejected.Add(new RecordWithoutVector(ids.Count, id, error));

    /// <summary>Adds a record that could not be embedded.</summary>
    public void Reject(in TextRecord record, string error)
    {
        Reject(record.Id, error);
        NotEmbedded++;
        if (!KeepsRejects)
            return;
        rejectedRecords.Add(new RejectedRecord(record, error));
        rejectedBytes += record.Bytes;
    }

    /// <summary>XxHash128 of vectors, ids and texts: all that can be found.</summary>
    public UInt128 Digest()
    {
        XxHash128 hash = new();
        float[] row = new float[Vectors.Dimensions];
        for (int i = 0; i < Vectors.Count; i++)
        {
            Vectors.CopyTo(i, row);
            hash.Append(MemoryMarshal.AsBytes(row.AsSpan()));
            if (ids.Count > 0)
            {
                hash.Append(ids[i]);
                hash.Append([0]);
            }
            if (HasTexts)
            {
                hash.Append(texts![i]);
                hash.Append([0]);
            }
        }
        return hash.GetCurrentHashAsUInt128();
    }

    public void Dispose()
    {
        vectors?.Dispose();
        spool?.Dispose();
    }
}
