using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Scoring.Tests.Jobs;
using Xunit;

namespace GauRuntime.Scoring.Tests.Shards;

/// <summary>Shares of any inputs, scored each by itself and joined, are what one run writes.</summary>
public sealed class ShardMergeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;
    private int jobs;

    // A label with a line feed, so that a header has one too.
    public ShardMergeTests() =>
        model = LoadedModel.Of(folder, TinyModel.Sequence with { Labels = ["a\nb", "c,\"d\"", "e\tf"] });

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Tsv)]
    public void Merge_AnyInputsAndCounts_GivesTheBytesOfOneRun(RecordFormat format) =>
        Gen.Select(ShardInputs.Inputs, Gen.Int[1, 50]).Sample((inputs, count) =>
        {
            string name = folder.Path($"job{Interlocked.Increment(ref jobs)}");
            Directory.CreateDirectory(name);
            JobOutput whole = new()
            {
                Path = Path.Combine(name, "whole"), Rejects = Path.Combine(name, "rejects"), Format = format,
            };
            RunTotals totals = Score(inputs, whole);
            string parts = Path.Combine(name, "parts");
            for (int i = 0; i < count; i++)
                Score(inputs, whole with { Path = parts, Rejects = parts, Shard = new Shard(i, count) });

            PartMerge merge = PartMerge.Open(parts, parts);
            using MemoryStream rows = new();
            using MemoryStream rejects = new();
            merge.Write(rows, rejects, Compression.None, CancellationToken.None);
            rows.ToArray().Should().Equal(File.ReadAllBytes(whole.Path));
            rejects.ToArray().Should().Equal(File.ReadAllBytes(whole.Rejects));
            merge.Parts.Should().Be(count);
            merge.Counts.Should().Be(totals.Written);
            merge.Bytes.Should().Be(rows.Length);
            merge.RejectsBytes.Should().Be(rejects.Length);
        }, iter: 20, threads: 1);

    private RunTotals Score(InputFile[] inputs, JobOutput output)
    {
        using ScoringJob job = ScoringJob.Open(output, FailingStorage.Never);
        using RecordSource source = new(inputs, new RecordFields(), ShardInputs.LongestLine, output.Shard);
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 2, MaxLength = 64 }, output.Format);
        job.Run(run, CancellationToken.None);
        return run.Totals;
    }
}
