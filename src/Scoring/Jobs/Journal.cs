using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>
/// The journal of a job: a header and an entry per point from which it could go on, a line of JSON each behind the
/// line's CRC-32. Only ever appended to.
/// </summary>
internal sealed class Journal : IDisposable
{
    /// <summary>Most bytes of a header, which names every input: those of half a million and more.</summary>
    public const int LongestHeader = 128 << 20;

    private const int FormatVersion = 1;

    private readonly IJobStorage storage;
    private readonly Stream stream;
    private readonly ArrayBufferWriter<byte> line = new();

    /// <summary>Takes over an open file and stands at its start.</summary>
    public Journal(IJobStorage storage, Stream stream)
    {
        this.storage = storage;
        this.stream = stream;
    }

    /// <summary>Most bytes of a header that is written.</summary>
    public int Longest { get; init; } = LongestHeader;

    /// <summary>Makes the journal a new one.</summary>
    /// <param name="fingerprint">The job's.</param>
    /// <param name="replaces">Whether an output of that name may be replaced.</param>
    /// <param name="rejects"><see cref="JobFiles.RejectsName"/>.</param>
    /// <exception cref="ScoringException">The job has too many inputs.</exception>
    public void Begin(JobFingerprint fingerprint, bool replaces, string? rejects = null)
    {
        Spell(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("journal"u8, FormatVersion);
            json.WritePropertyName("job"u8);
            fingerprint.Write(json);
            json.WriteBoolean("replaces"u8, replaces);
            if (rejects is not null)
                json.WriteString("rejects"u8, rejects);
            json.WriteEndObject();
        });
        if (line.WrittenCount > Longest)
            throw new ScoringException(
                ScoringFault.Usage,
                $"the names of all inputs are more than a run can keep, {Longest >> 20} MiB: give it fewer files, "
                + "or larger ones");
        stream.SetLength(0);
        stream.Position = 0;
        WriteLine();
    }

    /// <summary>Goes on behind what was read; what follows there is cut off.</summary>
    public void Continue(JournalContent content, int entries)
    {
        long end = content.Ends[entries];
        stream.SetLength(end);
        stream.Position = end;
    }

    /// <summary>Adds an entry and returns when it is on the disk.</summary>
    public void Append(JournalEntry entry)
    {
        Spell(entry.Write);
        WriteLine();
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Reads a journal up to the first line that is not whole.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Its name.</param>
    /// <param name="torn">Whether it holds not even one line.</param>
    /// <returns>Null where not even the header is whole.</returns>
    /// <exception cref="GauFormatException">A line is whole, and no entry.</exception>
    public static JournalContent? Read(Stream stream, string path, out bool torn)
    {
        byte[] bytes = new byte[1 << 16];
        ArrayBufferWriter<byte> rest = new();
        stream.Position = 0;
        JournalContent? content = null;
        torn = true;
        long end = 0;
        int read;
        while ((read = stream.Read(bytes)) > 0)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(0, read);
            int feed;
            while ((feed = part.IndexOf((byte)'\n')) >= 0)
            {
                torn = false;
                rest.Write(part[..feed]);
                end += rest.WrittenCount + 1;
                if (!Take(rest.WrittenSpan, path, end, ref content))
                    return content;
                rest.ResetWrittenCount();
                part = part[(feed + 1)..];
            }
            rest.Write(part);
            if (rest.WrittenCount > LongestHeader + (1 << 20))
            {
                torn = false;
                break;
            }
        }
        return content;
    }

    private static bool Take(ReadOnlySpan<byte> line, string path, long end, ref JournalContent? content)
    {
        if (line.Length < 10 || line[8] != (byte)' '
            || !uint.TryParse(line[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint crc)
            || Crc32.HashToUInt32(line[9..]) != crc)
            return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line[9..].ToArray());
            JsonElement json = document.RootElement;
            if (content is not null)
                content.Add(JournalEntry.Read(json), end);
            else if (json.GetProperty("journal"u8).GetInt32() == FormatVersion)
                content = new JournalContent(
                    JobFingerprint.Read(json.GetProperty("job"u8)), json.GetProperty("replaces"u8).GetBoolean(), end)
                {
                    Rejects = json.TryGetProperty("rejects"u8, out JsonElement rejects) ? rejects.GetString() : null,
                };
            return content is not null;
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Not torn: its checksum holds. A header that cannot be read may be of a later version.
            if (content is null)
                return false;
            throw new GauFormatException(
                path, $"offset {end - line.Length - 1}", "is no entry of a journal; --force starts over", e);
        }
    }

    private void Spell(Action<Utf8JsonWriter> write)
    {
        line.ResetWrittenCount();
        using Utf8JsonWriter json = new(line, JsonRows.Options);
        write(json);
    }

    private void WriteLine()
    {
        string crc = Crc32.HashToUInt32(line.WrittenSpan).ToString("x8", CultureInfo.InvariantCulture);
        stream.Write([.. Encoding.ASCII.GetBytes(crc), (byte)' ', .. line.WrittenSpan, (byte)'\n']);
        storage.Flush(stream);
    }
}
