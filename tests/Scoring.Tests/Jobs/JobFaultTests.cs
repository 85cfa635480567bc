using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Every operation on the disk is made to fail once, or from then on; the job must go on from what is left.</summary>
public sealed class JobFaultTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public void Run_EveryOperationFails_LosesNothingAndResumes(bool forGood, bool shard, bool losesPower)
    {
        int n = 0;
        bool failed;
        do
        {
            (string output, string rejects) = jobs.NewOutput();
            FailingStorage storage = new(++n, forGood, losesPower);
            JobOutput job = Job(output, rejects, shard);
            string final = shard ? Path.Combine(output, "part-00000-of-00001.jsonl") : output;
            string finalRejects = shard ? Path.Combine(output, "part-00000-of-00001.rejects.jsonl") : rejects;
            failed = Attempt(job, storage);
            // Until the end there is no output, or all of it.
            if (File.Exists(final))
                File.ReadAllText(final).Should().Be(jobs.Expected, $"operation {n} failed");
            if (File.Exists(finalRejects))
                File.ReadAllText(finalRejects).Should().Be(jobs.ExpectedRejects, $"operation {n} failed");
            jobs.Run(job with { Resume = true });
            File.ReadAllText(final).Should().Be(jobs.Expected, $"operation {n} failed");
            File.ReadAllText(finalRejects).Should().Be(jobs.ExpectedRejects, $"operation {n} failed");
            Directory.GetFiles(Path.GetDirectoryName(final)!).Select(Path.GetFileName).Should().BeEquivalentTo(
                shard
                    ? ["part-00000-of-00001.jsonl", "part-00000-of-00001.jsonl.done", "part-00000-of-00001.rejects.jsonl"]
                    : new[] { "out.jsonl", "rejects.jsonl" },
                $"operation {n} failed");
        }
        while (failed);
        n.Should().BeGreaterThan(40, "there are writes, flushes and renames to fail");
    }

    [Fact]
    public void Run_FailsAgainAndAgain_GetsThere()
    {
        (string output, string rejects) = jobs.NewOutput();
        JobOutput job = Job(output, rejects, shard: false) with { Resume = true };
        int attempts = 0;
        while (Attempt(job, new FailingStorage(10 + attempts, forGood: true)))
            (++attempts).Should().BeLessThan(100);
        attempts.Should().BeGreaterThan(3);
        File.ReadAllText(output).Should().Be(jobs.Expected);
        File.ReadAllText(rejects).Should().Be(jobs.ExpectedRejects);
    }

    private static JobOutput Job(string output, string rejects, bool shard) => new()
    {
        Path = output,
        Rejects = shard ? output : rejects,
        Format = RecordFormat.JsonLines,
        Shard = shard ? new Shard(0, 1) : null,
    };

    /// <summary>Whether an operation failed, which the run must have said.</summary>
    private bool Attempt(JobOutput job, FailingStorage storage)
    {
        try
        {
            jobs.Run(job, storage);
        }
        catch (Exception e) when (e is IOException or ScoringException { InnerException: IOException })
        {
            storage.Failed.Should().BeTrue(e.ToString());
            return true;
        }
        return false;
    }
}
