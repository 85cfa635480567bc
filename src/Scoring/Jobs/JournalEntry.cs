using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Jobs;

/// <summary>A point from which a job can go on.</summary>
/// <param name="Counts">What is written.</param>
/// <param name="Start">The input's digest where the share begins; known of what is finished.</param>
/// <param name="Input">The input's digest after the last of these records; of what is finished, where the share ends.
/// </param>
/// <param name="Output">The output up to here.</param>
/// <param name="Rejects">The rejects file up to here; empty where there is none.</param>
/// <param name="Finished">Nothing is left but to give the files their names.</param>
internal readonly record struct JournalEntry(
    RunCounts Counts, UInt128 Start, UInt128 Input, FileMark Output, FileMark Rejects, bool Finished)
{
    private const int DigestDigits = 32;
    private const int MostBeside = 8;

    /// <summary>
    /// The files that belong to the output when it is a table; null where there are none, or no table yet.
    /// </summary>
    public IReadOnlyList<FileMark>? Beside { get; init; }

    // The sum of all parts of a job is a number too.
    private const long Largest = long.MaxValue / Shard.MostShards;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("records"u8, Counts.Records);
        json.WriteNumber("rejected"u8, Counts.Rejected);
        json.WriteNumber("truncated"u8, Counts.Truncated);
        json.WriteNumber("tokens"u8, Counts.Tokens);
        if (Counts.MoreRows > 0)
            json.WriteNumber("more_rows"u8, Counts.MoreRows);
        if (Counts.RejectedCandidates > 0)
            json.WriteNumber("rejected_candidates"u8, Counts.RejectedCandidates);
        json.WriteString("start"u8, Hex(Start));
        json.WriteString("input"u8, Hex(Input));
        json.WriteNumber("output_bytes"u8, Output.Length);
        json.WriteString("output"u8, Hex(Output.Digest));
        json.WriteNumber("rejects_bytes"u8, Rejects.Length);
        json.WriteString("rejects"u8, Hex(Rejects.Digest));
        if (Beside is { Count: > 0 } beside)
            WriteBeside(json, beside);
        json.WriteBoolean("finished"u8, Finished);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="KeyNotFoundException">It is something else.</exception>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    /// <exception cref="FormatException">It is something else.</exception>
    public static JournalEntry Read(JsonElement json) => new(
        Possible(new RunCounts(
            Number(json, "records"), Number(json, "rejected"), Number(json, "truncated"), Number(json, "tokens"))
        {
            MoreRows = json.TryGetProperty("more_rows"u8, out _) ? Number(json, "more_rows") : 0,
            RejectedCandidates =
                json.TryGetProperty("rejected_candidates"u8, out _) ? Number(json, "rejected_candidates") : 0,
        }),
        Digest(json, "start"),
        Digest(json, "input"),
        new FileMark(Number(json, "output_bytes"), Digest(json, "output")),
        new FileMark(Number(json, "rejects_bytes"), Digest(json, "rejects")),
        json.GetProperty("finished").GetBoolean())
    {
        Beside = json.TryGetProperty("beside"u8, out JsonElement beside) ? ReadBeside(beside) : null,
    };

    /// <summary>A digest as 32 digits.</summary>
    public static string Hex(UInt128 digest) => digest.ToString("x32", CultureInfo.InvariantCulture);

    private static void WriteBeside(Utf8JsonWriter json, IReadOnlyList<FileMark> beside)
    {
        json.WriteStartArray("beside"u8);
        foreach (FileMark mark in beside)
        {
            json.WriteStartObject();
            json.WriteNumber("bytes"u8, mark.Length);
            json.WriteString("digest"u8, Hex(mark.Digest));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static FileMark[] ReadBeside(JsonElement json) => json.GetArrayLength() <= MostBeside
        ? [.. json.EnumerateArray().Select(mark => new FileMark(Number(mark, "bytes"), Digest(mark, "digest")))]
        : throw new FormatException("beside");

    private static long Number(JsonElement json, string name)
    {
        long number = json.GetProperty(name).GetInt64();
        return number is >= 0 and <= Largest ? number : throw new FormatException(name);
    }

    private static RunCounts Possible(RunCounts counts) =>
        counts.Rejected <= counts.Records && counts.Truncated <= counts.Records - counts.Rejected
            && (counts.Tokens + counts.MoreRows == 0 || counts.Records > counts.Rejected)
            ? counts
            : throw new FormatException("records");

    private static UInt128 Digest(JsonElement json, string name)
    {
        string digits = json.GetProperty(name).GetString() ?? "";
        return digits.Length == DigestDigits
            ? UInt128.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new FormatException(name);
    }
}
