using System.Buffers;
using System.Text.Json;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>The <c>.done</c> file beside a part: the part is complete, and this is what it holds.</summary>
/// <param name="Job">The job, with the shard.</param>
/// <param name="Counts">The part's records.</param>
/// <param name="Start">The digest of the input up to where the part begins.</param>
/// <param name="End">And up to where it ends: that of the next part's start, if both saw the same input.</param>
/// <param name="Output">The part's bytes.</param>
/// <param name="Rejects">Those of its rejects file.</param>
/// <param name="HeaderBytes">How many of the part's bytes stand before its first row.</param>
internal sealed record PartMarker(
    JobFingerprint Job, RunCounts Counts, UInt128 Start, UInt128 End, FileMark Output, FileMark Rejects,
    int HeaderBytes)
{
    private const int LongestHeader = 64 << 20;
    private const int LongestMarker = Journal.LongestHeader + (1 << 20);

    /// <summary>The files that belong to the part; null where there are none.</summary>
    public IReadOnlyList<FileMark>? Beside { get; init; }

    /// <summary>Writes the marker of a part that has its name.</summary>
    public static void Write(
        IJobStorage storage, JobFiles files, JournalEntry entry, JobFingerprint job, int headerBytes)
    {
        ArrayBufferWriter<byte> content = new();
        using (Utf8JsonWriter json = new(content, JsonRows.Options))
        {
            json.WriteStartObject();
            json.WriteString("part"u8, Path.GetFileName(files.Output));
            json.WriteNumber("header_bytes"u8, headerBytes);
            json.WritePropertyName("entry"u8);
            entry.Write(json);
            json.WritePropertyName("job"u8);
            job.Write(json);
            json.WriteEndObject();
        }
        content.Write("\n"u8);
        string temporary = files.ReadyDone;
        storage.Delete(temporary);
        using (Stream stream = storage.Create(temporary))
        {
            stream.Write(content.WrittenSpan);
            storage.Flush(stream);
        }
        try
        {
            storage.Move(temporary, files.Done, replace: true);
        }
        catch (FileNotFoundException) when (storage.Exists(files.Done))
        {
            // Another attempt was faster and has cleared up.
        }
    }

    /// <summary>Reads the marker of a part.</summary>
    /// <exception cref="GauFormatException">It is not a marker.</exception>
    public static PartMarker Read(IJobStorage storage, string part)
    {
        string path = JobFiles.DoneOf(part);
        try
        {
            using Stream stream = storage.OpenRead(path);
            if (stream.Length > LongestMarker)
                throw new FormatException("too long");
            using JsonDocument document = JsonDocument.Parse(stream);
            JsonElement json = document.RootElement;
            JournalEntry entry = JournalEntry.Read(json.GetProperty("entry"u8));
            string? name = json.GetProperty("part"u8).GetString();
            if (name != Path.GetFileName(part))
                throw new GauFormatException(path, "part", $"is the marker of {name}");
            int header = json.GetProperty("header_bytes"u8).GetInt32();
            bool isCompressed = Compressions.OfExtension(part) != Compression.None;
            if (header < 0 || header > (isCompressed ? LongestHeader : Math.Min(LongestHeader, entry.Output.Length)))
                throw new GauFormatException(path, "header_bytes", $"{header} of {entry.Output.Length} bytes");
            return new PartMarker(
                JobFingerprint.Read(json.GetProperty("job"u8)), entry.Counts, entry.Start, entry.Input, entry.Output,
                entry.Rejects, header)
            {
                Beside = entry.Beside,
            };
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new GauFormatException(path, "start", "is no marker of a part", e);
        }
    }
}
