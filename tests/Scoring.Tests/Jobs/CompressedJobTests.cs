using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Jobs whose results are compressed: they can only go on behind whole frames.</summary>
public sealed class CompressedJobTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    private const int Records = 9000;

    [Theory]
    [InlineData(Compression.Gzip, RecordFormat.JsonLines)]
    [InlineData(Compression.Zstandard, RecordFormat.JsonLines)]
    [InlineData(Compression.Zstandard, RecordFormat.Csv)]
    public void Resume_AfterAStop_MakesTheBytesOfAnUninterruptedRun(Compression compression, RecordFormat format)
    {
        string input = Input();
        JobOutput plain = NewJob(Compression.None, format);
        jobs.Run(plain, input: input);
        JobOutput whole = NewJob(compression, format);
        jobs.Run(whole, input: input);
        byte[] expected = File.ReadAllBytes(whole.Path);
        Content(whole.Path).Should().Be(File.ReadAllText(plain.Path));

        JobOutput job = NewJob(compression, format);
        long saved = 0;
        for (int stop = 8; saved < Records / 4; stop = Math.Min(stop + 8, 32))
        {
            Action run = () => jobs.Run(
                job with { Resume = true }, input: input, stopAfter: stop, onEnd: each => saved = each.SavedRecords);
            run.Should().Throw<OperationCanceledException>();
        }
        jobs.Run(job with { Resume = true }, input: input).Resumed.Records.Should().BeInRange(Records / 4, Records - 1);
        File.ReadAllBytes(job.Path).Should().Equal(expected);
        File.ReadAllBytes(job.Rejects!).Should().Equal(File.ReadAllBytes(plain.Rejects!));
    }

    [Theory]
    [InlineData(Compression.Gzip, RecordFormat.JsonLines)]
    [InlineData(Compression.Zstandard, RecordFormat.Csv)]
    public void Merge_CompressedParts_MakesTheBytesOfOneRun(Compression compression, RecordFormat format)
    {
        string input = Input();
        JobOutput whole = NewJob(compression, format);
        jobs.Run(whole, input: input);
        string folder = Path.GetDirectoryName(NewJob(compression, format).Path)!;
        for (int i = 0; i < 3; i++)
            jobs.Run(
                NewJob(compression, format) with { Path = folder, Rejects = folder, Shard = new Shard(i, 3) },
                input: input);
        using MemoryStream merged = new();
        using MemoryStream rejects = new();
        PartMerge.Open(folder, folder).Write(merged, rejects, compression, CancellationToken.None);
        merged.ToArray().Should().Equal(File.ReadAllBytes(whole.Path));
        rejects.ToArray().Should().Equal(File.ReadAllBytes(whole.Rejects!));
        using MemoryStream text = new();
        PartMerge.Open(folder, null).Write(text, null, Compression.None, CancellationToken.None);
        text.ToArray().Should().Equal(Encoding.UTF8.GetBytes(Content(whole.Path)));
    }

    [Fact]
    public void Run_NoRecords_IsStillACompressedFile()
    {
        JobOutput job = NewJob(Compression.Gzip, RecordFormat.JsonLines);
        string input = Path.Combine(Path.GetDirectoryName(job.Path)!, "none.jsonl");
        File.WriteAllText(input, "\n");
        jobs.Run(job, input: input);
        new FileInfo(job.Path).Length.Should().BeGreaterThan(0);
        Content(job.Path).Should().BeEmpty();
    }

    private static string Content(string path)
    {
        using ByteSource bytes = new(File.OpenRead(path), path);
        using MemoryStream content = new();
        while (bytes.Fill())
        {
            content.Write(bytes.Available);
            bytes.Advance(bytes.Available.Length);
        }
        return Encoding.UTF8.GetString(content.ToArray());
    }

    private JobOutput NewJob(Compression compression, RecordFormat format)
    {
        (string output, string rejects) = jobs.NewOutput();
        return new JobOutput
        {
            Path = output + Compressions.Extension(compression), Rejects = rejects, Format = format,
            Compression = compression,
        };
    }

    // Few different texts, so that little is to be computed, and rows for several frames.
    private string Input()
    {
        string path = Path.Combine(Path.GetDirectoryName(jobs.NewOutput().Output)!, "many.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, Records).Select(
            i => i % 100 == 9 ? "{}" : $"{{\"id\":\"{i * 7919L % 1000003}\",\"text\":\"今天\\n{i % 50}\"}}"));
        return path;
    }
}
