using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Parts that are there already, and what attempts at them leave behind.</summary>
public sealed class ShardJobTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    private const string Part = "part-00000-of-00001.jsonl";

    [Fact]
    public void Resume_CompletePart_ChangesNothingAndClearsUp()
    {
        JobOutput job = Complete();
        string part = Path.Combine(job.Path, Part);
        DateTime written = File.GetLastWriteTimeUtc(part);
        // What others leave: with a journal, after another took the journal away, in the middle of the marker.
        foreach (string name in (string[])[".journal.a.1.b", ".partial.a.1.b", ".partial.a.2.b", ".done.a.3.b"])
            File.WriteAllText(part + name, "");
        File.WriteAllText(Path.Combine(job.Path, "part-00000-of-00001.rejects.jsonl.partial.a.2.b"), "");
        RunTotals totals = jobs.Run(job with { Resume = true });
        totals.Written.Records.Should().Be(300);
        totals.New.Records.Should().Be(0);
        File.GetLastWriteTimeUtc(part).Should().Be(written);
        Files(job).Should().Equal(Part, Part + ".done", "part-00000-of-00001.rejects.jsonl");
    }

    [Fact]
    public void Resume_CompletePartOfAnotherJob_IsRefused()
    {
        JobOutput job = Complete();
        Action run = () => jobs.Run(job with { Resume = true }, maxLength: 32);
        run.Should().Throw<ScoringException>()
            .WithMessage("is complete and belongs to another job (longest text: was '64 tokens', is '32 tokens')*")
            .Which.Fault.Should().Be(ScoringFault.Mismatch);
    }

    [Fact]
    public void Resume_MarkerWithoutItsPart_ScoresThePart()
    {
        JobOutput job = Complete();
        File.Delete(Path.Combine(job.Path, Part));
        jobs.Run(job with { Resume = true }).New.Records.Should().Be(300);
        File.ReadAllText(Path.Combine(job.Path, Part)).Should().Be(jobs.Expected);
    }

    [Theory]
    [InlineData(".*", "", "is no marker of a part")]
    [InlineData(".*", "[]", "is no marker of a part")]
    [InlineData("^.(.{50}).*", "$1", "is no marker of a part")]
    [InlineData("\"records\":300", "\"records\":-1", "is no marker of a part")]
    [InlineData("part-00000-of-00001", "part-00000-of-00002", "is the marker of part-00000-of-00002.jsonl")]
    [InlineData("\"header_bytes\":0", "\"header_bytes\":99999999", "99999999 of * bytes")]
    [InlineData("\"header_bytes\":0", "\"header_bytes\":-1", "-1 of * bytes")]
    public void Resume_MalformedMarker_IsRefused(string pattern, string replacement, string message)
    {
        JobOutput job = Complete();
        string marker = Path.Combine(job.Path, Part + ".done");
        File.WriteAllText(marker, Regex.Replace(File.ReadAllText(marker).TrimEnd(), pattern, replacement));
        Action run = () => jobs.Run(job with { Resume = true });
        run.Should().Throw<GauFormatException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void Force_KilledBeforeItsEnd_DoesNotLeaveTheOldMarker()
    {
        JobOutput job = Complete();
        Action forced = () => jobs.Run(job with { Force = true }, new FailingStorage(20, forGood: true), maxLength: 32);
        forced.Should().Throw<IOException>();
        File.Exists(Path.Combine(job.Path, Part)).Should().BeTrue("it is replaced only by one that is complete");
        File.Exists(Path.Combine(job.Path, Part + ".done")).Should().BeFalse();
        jobs.Run(job with { Resume = true }, maxLength: 32).Resumed.Records.Should().BeGreaterThan(0);
        Files(job).Should().Equal(Part, Part + ".done", "part-00000-of-00001.rejects.jsonl");
        jobs.Run(job with { Resume = true }, maxLength: 32).New.Records.Should().Be(0);
    }

    [Theory]
    [InlineData(".journal.")]
    [InlineData(".partial.")]
    public void Resume_FilesVanishWhileTheyAreRead_LetsTheOtherHaveIt(string kind)
    {
        JobOutput job = NewJob();
        Action stopped = () => jobs.Run(job, new FailingStorage(25, forGood: true));
        stopped.Should().Throw<IOException>();
        // Another attempt publishes and clears up just before a file of that kind is opened.
        HookedStorage vanishing = new()
        {
            OnOpenRead = path =>
            {
                if (path.Contains(kind, StringComparison.Ordinal))
                    File.Delete(path);
            },
        };
        Action run = () => jobs.Run(job with { Resume = true }, vanishing);
        run.Should().Throw<ScoringException>().WithMessage("another attempt has taken over")
            .Which.Fault.Should().Be(ScoringFault.Busy, "a scheduler tries that again");
    }

    private JobOutput NewJob()
    {
        string folder = Path.GetDirectoryName(jobs.NewOutput().Output)!;
        return new JobOutput
        {
            Path = folder, Rejects = folder, Format = RecordFormat.JsonLines, Shard = new Shard(0, 1),
        };
    }

    private JobOutput Complete()
    {
        JobOutput job = NewJob();
        jobs.Run(job);
        return job;
    }

    private static string[] Files(JobOutput job) =>
        [.. Directory.GetFiles(job.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
}
