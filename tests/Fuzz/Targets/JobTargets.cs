using System.Globalization;
using System.IO.Hashing;
using System.Text;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Jobs;

namespace GauRuntime.Fuzz.Targets;

/// <summary>What a job keeps beside its output.</summary>
internal static class JobTargets
{
    private const string Part = "part.jsonl";

    private static readonly string Job =
        """{"program":"1","model":"a b","task":"classify","rejects":"yes","shard":"0/2","input 1":"a.jsonl, JsonLines"}""";

    public static IEnumerable<FuzzTarget> All =>
    [
        new("journal", JournalSeeds, input => ReadJournal(input.Bytes)),
        new("journal-sealed", JournalSeeds, input => ReadJournal(Seal(input.Bytes))),
        new("done", DoneSeeds, input =>
        {
            input.File(JobFiles.DoneOf(Part));
            PartMarker marker = PartMarker.Read(new DiskStorage(), Path.Combine(input.Folder, Part));
            _ = marker.Job.Difference(marker.Job, anyShard: true);
        }),
    ];

    private static void ReadJournal(byte[] bytes)
    {
        using MemoryStream stream = new(bytes, writable: false);
        JournalContent content = Journal.Read(stream, "journal", out bool torn)
            ?? throw new ScoringException(ScoringFault.Mismatch, torn ? "nothing is whole" : "is no journal");
        _ = content.Job.Difference(content.Job);
    }

    private static IEnumerable<byte[]> JournalSeeds() =>
        [Seal(Encoding.UTF8.GetBytes($"00000000 {{\"journal\":1,\"job\":{Job},\"replaces\":true}}\n00000000 {Entry(1)}\n00000000 {Entry(9)}\n"))];

    private static IEnumerable<byte[]> DoneSeeds() =>
        [Encoding.UTF8.GetBytes($"{{\"part\":\"{Part}\",\"header_bytes\":12,\"entry\":{Entry(9)},\"job\":{Job}}}\n")];

    private static string Entry(int records) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"records":{{records}},"rejected":0,"truncated":1,"tokens":70,"more_rows":1,"start":"{{new string('0', 32)}}","input":"{{new string('a', 32)}}","output_bytes":512,"output":"{{new string('b', 32)}}","rejects_bytes":0,"rejects":"{{new string('c', 32)}}","beside":[{"bytes":7,"digest":"{{new string('d', 32)}}"}],"finished":false}""");

    // Gives every line the checksum that it has.
    private static byte[] Seal(byte[] journal)
    {
        List<byte> done = [];
        foreach (Range range in journal.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = journal.AsSpan(range);
            done.AddRange(line.Length < 9
                ? line
                : [.. Encoding.ASCII.GetBytes($"{Crc32.HashToUInt32(line[9..]):x8}"), .. line[8..]]);
            done.Add((byte)'\n');
        }
        return [.. done[..^1]];
    }
}
