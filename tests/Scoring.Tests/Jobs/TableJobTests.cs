using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Jobs that end as a table: rows until all are there, then Parquet or Arrow.</summary>
public sealed class TableJobTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    [Theory]
    [InlineData(RecordFormat.Parquet)]
    [InlineData(RecordFormat.Arrow)]
    public void Run_Table_HoldsTheRowsOfJsonLines(RecordFormat format)
    {
        JobOutput job = NewJob(format);
        jobs.Run(job);
        TableRows.Of(File.OpenRead(job.Path)).Should().Be(jobs.Expected);
        File.ReadAllText(job.Rejects!).Should().Be(jobs.ExpectedRejects);
    }

    [Theory]
    [InlineData(RecordFormat.Parquet)]
    [InlineData(RecordFormat.Arrow)]
    public void Resume_AfterAStop_MakesTheTableOfAnUninterruptedRun(RecordFormat format)
    {
        JobOutput whole = NewJob(format);
        jobs.Run(whole);
        JobOutput job = NewJob(format);
        Action run = () => jobs.Run(job, stopAfter: 12);
        run.Should().Throw<OperationCanceledException>();
        jobs.Run(job with { Resume = true }).Resumed.Records.Should().BePositive();
        ShouldBe(job, whole);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_EveryOperationFails_LosesNothingAndResumes(bool losesPower)
    {
        JobOutput whole = NewJob();
        jobs.Run(whole);
        int n = 0;
        FailingStorage storage;
        do
        {
            storage = new FailingStorage(++n, forGood: true, losesPower);
            JobOutput job = NewJob();
            try
            {
                jobs.Run(job, storage);
            }
            catch (Exception e) when (e is IOException or ScoringException { InnerException: IOException })
            {
                // What is left is looked at.
            }
            if (File.Exists(job.Path))
                File.ReadAllBytes(job.Path).Should().Equal(File.ReadAllBytes(whole.Path), $"operation {n} failed");
            jobs.Run(job with { Resume = true });
            ShouldBe(job, whole);
        }
        while (storage.Failed);
        n.Should().BeGreaterThan(30, "there are writes, flushes and renames to fail");
    }

    [Theory]
    [InlineData(RecordFormat.Parquet)]
    [InlineData(RecordFormat.Arrow)]
    public void Merge_PartsThatAreTables_MakesTheTableOfOneRun(RecordFormat format)
    {
        JobOutput whole = NewJob(format);
        jobs.Run(whole);
        string folder = Path.GetDirectoryName(NewJob(format).Path)!;
        for (int i = 0; i < 3; i++)
            jobs.Run(whole with { Path = folder, Rejects = folder, Shard = new Shard(i, 3) });
        using MemoryStream merged = new();
        using MemoryStream rejects = new();
        PartMerge.Open(folder, folder).Write(merged, rejects, Compression.None, CancellationToken.None);
        merged.ToArray().Should().Equal(File.ReadAllBytes(whole.Path));
        rejects.ToArray().Should().Equal(File.ReadAllBytes(whole.Rejects!));
    }

    // The first may not be dead, and half through its table.
    [Fact]
    public void Resume_PartWhoseRowsAnotherAttemptHasMade_WritesToFilesOfItsOwn()
    {
        JobOutput whole = NewJob();
        jobs.Run(whole);
        string folder = Path.GetDirectoryName(NewJob().Path)!;
        JobOutput job = whole with { Path = folder, Rejects = folder, Shard = new Shard(0, 1), Resume = true };
        string? theirs = null;
        Action first = () => jobs.Run(job, new HookedStorage
        {
            OnCreate = path =>
            {
                if (path.Contains(".table.", StringComparison.Ordinal))
                    throw new IOException(theirs = path);
            },
        });
        first.Should().Throw<IOException>();
        File.WriteAllText(theirs!, "half a table");
        List<string> made = [];
        jobs.Run(job, new HookedStorage { OnCreate = made.Add });
        string attempt = theirs![(theirs!.IndexOf(".table", StringComparison.Ordinal) + ".table".Length)..];
        made.Should().HaveCount(2, "a table and a marker").And.NotContain(path => path.EndsWith(attempt, StringComparison.Ordinal));
        File.ReadAllBytes(Path.Combine(folder, "part-00000-of-00001.parquet"))
            .Should().Equal(File.ReadAllBytes(whole.Path));
        Directory.GetFiles(folder).Should().HaveCount(3, "the part, its marker and its rejects");
    }

    [Theory]
    [InlineData(false, ScoringFault.CannotCreate)]
    [InlineData(true, ScoringFault.Busy)]
    public void Run_RowsTakenAwayAndAnothersFileThere_DoesNotTakeItForItsTable(bool shard, ScoringFault fault)
    {
        JobOutput job = NewJob();
        string output = job.Path;
        if (shard)
        {
            string folder = Path.GetDirectoryName(job.Path)!;
            job = job with { Path = folder, Rejects = folder, Shard = new Shard(0, 1) };
            output = Path.Combine(folder, "part-00000-of-00001.parquet");
        }
        Action run = () => jobs.Run(job, onRead: reads =>
        {
            if (reads != 20)
                return;
            ChildProcess.Until(() => Rows(output).Length > 0);
            Array.ForEach(Rows(output), File.Delete);
            File.WriteAllText(output, "theirs");
        });
        run.Should().Throw<ScoringException>().Which.Fault.Should().Be(fault);
        File.ReadAllText(output).Should().Be("theirs");
    }

    private static string[] Rows(string output) =>
        Directory.GetFiles(Path.GetDirectoryName(output)!, Path.GetFileName(output) + ".partial*");

    private static void ShouldBe(JobOutput job, JobOutput whole)
    {
        File.ReadAllBytes(job.Path).Should().Equal(File.ReadAllBytes(whole.Path));
        File.ReadAllBytes(job.Rejects!).Should().Equal(File.ReadAllBytes(whole.Rejects!));
        Directory.GetFiles(Path.GetDirectoryName(job.Path)!).Select(Path.GetFileName).Should().BeEquivalentTo(
            Path.GetFileName(whole.Path), "rejects.jsonl");
    }

    private JobOutput NewJob(RecordFormat format = RecordFormat.Parquet)
    {
        (string output, string rejects) = jobs.NewOutput();
        return new JobOutput
        {
            Path = Path.ChangeExtension(output, RecordFormats.Extension(format)), Rejects = rejects, Format = format,
        };
    }
}
