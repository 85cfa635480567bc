using System.IO.Hashing;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Journals and markers that say what cannot be, and folders under the names of files.</summary>
public sealed class HostileJobFileTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    // A value and what stands in its place; the value itself goes to a name that nobody reads.
    public static TheoryData<string, string> Impossible => new()
    {
        { "start", $"\"{new string('0', 33)}\"" },
        { "input", $"\"{new string('f', 40)}\"" },
        { "output", $"\"{new string('0', 31)}\"" },
        { "rejects", $"\"-{new string('0', 31)}\"" },
        { "start", $"\" {new string('0', 31)}\"" },
        { "start", $"\"{new string('g', 32)}\"" },
        { "start", "null" },
        { "records", "9223372036854775808" },
        { "records", "922337203685477580" },
        { "records", "-1" },
        { "records", "0" },
        { "rejected", "999" },
        { "truncated", "999" },
        { "tokens", "1e999" },
        { "rejects_bytes", "-1" },
        { "finished", "1" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Resume_JournalWithAnImpossibleEntry_IsMalformed(string name, string value)
    {
        JobOutput job = new() { Path = jobs.NewOutput().Output, Format = RecordFormat.JsonLines };
        FluentActions.Invoking(() => jobs.Run(job, stopAfter: 12)).Should().Throw<OperationCanceledException>();
        string journal = job.Path + ".journal";
        string[] lines = File.ReadAllLines(journal);
        string forged = With(lines[1][9..], name, value);
        lines[1] = $"{Crc32.HashToUInt32(Encoding.UTF8.GetBytes(forged)):x8} {forged}";
        File.WriteAllText(journal, string.Join('\n', lines) + "\n");
        FluentActions.Invoking(() => jobs.Run(job with { Resume = true }))
            .Should().Throw<GauFormatException>().WithMessage("*out.jsonl.journal*offset *is no entry of a journal*");
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Merge_ImpossibleMarker_IsMalformed(string name, string value)
    {
        string folder = Parts(RecordFormat.JsonLines, Compression.None);
        string marker = Directory.GetFiles(folder, "part-00000*.done").Single();
        File.WriteAllText(marker, With(File.ReadAllText(marker), name, value));
        FluentActions.Invoking(() => PartMerge.Open(folder, null))
            .Should().Throw<GauFormatException>().WithMessage("*.done*is no marker of a part*");
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines, Compression.None)]
    [InlineData(RecordFormat.JsonLines, Compression.Gzip)]
    [InlineData(RecordFormat.Csv, Compression.None)]
    [InlineData(RecordFormat.Csv, Compression.Zstandard)]
    [InlineData(RecordFormat.Parquet, Compression.None)]
    public void Merge_OtherRowsThanTheMarkerSays_IsMalformed(RecordFormat format, Compression compression)
    {
        string folder = Parts(format, compression);
        Action merge = () => Merge(folder);
        merge.Should().NotThrow();
        Forge(folder, "records", 1);
        merge.Should().Throw<GauFormatException>().WithMessage("*it has * rows and its marker says *");
    }

    [Fact]
    public void Merge_OtherRejectsThanTheMarkerSays_IsMalformed()
    {
        string folder = Parts(RecordFormat.JsonLines, Compression.None);
        Forge(folder, "rejected", -1);
        FluentActions.Invoking(() => Merge(folder))
            .Should().Throw<GauFormatException>().WithMessage("*rejects.jsonl*it has * rows and its marker says *");
    }

    [Theory]
    [InlineData(".partial")]
    [InlineData(".journal")]
    [InlineData(".table")]
    [InlineData("")]
    public void Open_FolderUnderANameOfTheJob_CannotBeCreated(string suffix)
    {
        (string output, string rejects) = jobs.NewOutput();
        string folder = output + suffix;
        Directory.CreateDirectory(folder);
        JobOutput job = new() { Path = output, Rejects = rejects, Format = RecordFormat.Parquet, Force = true };
        FluentActions.Invoking(() => ScoringJob.Open(job))
            .Should().Throw<ScoringException>().WithMessage("a folder of that name exists")
            .Which.Should().Match<ScoringException>(e => e.Fault == ScoringFault.CannotCreate && e.File == folder);
    }

    [Theory]
    [InlineData("rejects.jsonl")]
    [InlineData("rejects.jsonl.partial")]
    public void Open_FolderUnderTheNameOfRejects_CannotBeCreated(string name)
    {
        (string output, string rejects) = jobs.NewOutput();
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(output)!, name));
        JobOutput job = new() { Path = output, Rejects = rejects, Format = RecordFormat.JsonLines };
        FluentActions.Invoking(() => ScoringJob.Open(job))
            .Should().Throw<ScoringException>().WithMessage("a folder of that name exists");
    }

    [Fact]
    public void Open_RejectsInAMissingFolder_CannotBeCreated()
    {
        (string output, string rejects) = jobs.NewOutput();
        JobOutput job = new() { Path = output, Rejects = rejects + ".d/r.jsonl", Format = RecordFormat.JsonLines };
        FluentActions.Invoking(() => ScoringJob.Open(job))
            .Should().Throw<ScoringException>().WithMessage("cannot be created: its folder does not exist");
        Directory.GetFiles(Path.GetDirectoryName(output)!).Should().BeEmpty();
    }

    private static string With(string json, string name, string value)
    {
        json.Should().Contain($"\"{name}\":");
        return json.Replace($"\"{name}\":", $"\"{name}\":{value},\"was\":", StringComparison.Ordinal);
    }

    private static void Merge(string folder)
    {
        using MemoryStream output = new(), rejects = new();
        PartMerge.Open(folder, folder).Write(output, rejects, Compression.None, CancellationToken.None);
    }

    // Another number in the marker of part 1.
    private static void Forge(string folder, string name, int more)
    {
        string marker = Directory.GetFiles(folder, "part-00001*.done").Single();
        string content = File.ReadAllText(marker);
        int start = content.IndexOf($"\"{name}\":", StringComparison.Ordinal) + name.Length + 3;
        int end = content.IndexOf(',', start);
        File.WriteAllText(marker, $"{content[..start]}{int.Parse(content[start..end]) + more}{content[end..]}");
    }

    private string Parts(RecordFormat format, Compression compression)
    {
        string folder = Path.GetDirectoryName(jobs.NewOutput().Output)!;
        for (int i = 0; i < 2; i++)
            jobs.Run(new JobOutput
            {
                Path = folder, Rejects = folder, Format = format, Compression = compression, Shard = new Shard(i, 2),
            });
        return folder;
    }
}
