using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

public sealed class ModelChangeTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    [Fact]
    public void Run_ModelIsWrittenTo_KeepsOnlyWhatWasComputedBefore()
    {
        (string output, _) = jobs.NewOutput();
        JobOutput job = new() { Path = output, Format = RecordFormat.JsonLines };
        DateTime written = File.GetLastWriteTimeUtc(jobs.ModelPath);
        FluentActions.Invoking(() => jobs.Run(job, onRead: reads =>
        {
            if (reads != 20)
                return;
            JobFixture.WaitForEntries(output);
            File.SetLastWriteTimeUtc(jobs.ModelPath, written.AddSeconds(1));
        })).Should().Throw<IOException>().WithMessage($"{jobs.ModelPath}: was changed while it was read*");
        File.Exists(output).Should().BeFalse();
        File.SetLastWriteTimeUtc(jobs.ModelPath, written);
        RunTotals totals = jobs.Run(job with { Resume = true });
        totals.Resumed.Records.Should().BeInRange(1, 299);
        File.ReadAllText(output).Should().Be(jobs.Expected);
    }
}
