using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using Xunit;

namespace GauRuntime.Scoring.Tests.Rerank;

/// <summary>Jobs go by query, whatever number of rows a query has.</summary>
public sealed class RerankJobTests(RerankFixture fixture) : IClassFixture<RerankFixture>
{
    private static readonly string Texts = RerankFixture.Records("t", 25) + "{\"id\":\"bad\"}\n";

    private const string UnknownQueries =
        "10 candidates name queries that are not among the queries (first: 'q20', input, line 21)";

    private static readonly string Queries =
        RerankFixture.Records("q", 20) + "{\"id\":\"none\"}\n" + RerankFixture.Records("r", 20);

    [Theory]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Parquet)]
    public void Resume_AfterAStop_MakesTheBytesOfAnUninterruptedRun(RecordFormat format)
    {
        RerankTask task = fixture.Task(fixture.Read(Texts), format, top: 5);
        JobOutput whole = fixture.NewJob(format), job = fixture.NewJob(format);
        RerankFixture.Run(whole, task, Queries).Written.Records.Should().Be(41);
        // Beside a candidate the query in the middle is rejected, which none may be.
        FluentActions.Invoking(() => RerankFixture.Run(job, task, Queries, maxRejects: 1)).Should()
            .Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.TooManyRejects);
        RerankFixture.Run(job with { Resume = true }, task, Queries).Resumed.Records.Should().BeInRange(1, 40);
        File.ReadAllBytes(job.Path).Should().Equal(File.ReadAllBytes(whole.Path));
        File.ReadAllBytes(job.Rejects!).Should().Equal(File.ReadAllBytes(whole.Rejects!));
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Tsv)]
    [InlineData(RecordFormat.Parquet)]
    public void Merge_Shards_GivesTheBytesOfOneRun(RecordFormat format)
    {
        const int Shards = 4;
        RerankTask task = fixture.Task(fixture.Read(Texts), format, top: 3);
        JobOutput whole = fixture.NewJob(format), parts = fixture.NewJob(format);
        RunTotals totals = RerankFixture.Run(whole, task, Queries);
        for (int i = 0; i < Shards; i++)
            RerankFixture.Run(parts with { Shard = new Shard(i, Shards) }, task, Queries);
        PartMerge merge = PartMerge.Open(parts.Path, parts.Rejects);
        using MemoryStream rows = new(), rejects = new();
        merge.Write(rows, rejects, Compression.None, CancellationToken.None);
        rows.ToArray().Should().Equal(File.ReadAllBytes(whole.Path));
        rejects.ToArray().Should().Equal(File.ReadAllBytes(whole.Rejects!));
        merge.Counts.Should().Be(totals.Written);
    }

    [Fact]
    public void Resume_CandidatesOfSomeQueries_StillTellsWhichNameNone()
    {
        string named = RerankFixture.Records("t", 30, i => $",\"query\":\"q{i}\"");   // q20 to q29 are none
        JobOutput job = fixture.NewJob(RecordFormat.JsonLines);
        FluentActions.Invoking(() => RerankFixture.Run(job, fixture.Task(fixture.Read(named)), Queries, maxRejects: 0))
            .Should().Throw<ScoringException>();
        RerankTask task = fixture.Task(fixture.Read(named));
        ScoringRun run = RerankFixture.RunJob(job with { Resume = true }, task, Queries);
        run.Totals.Resumed.Records.Should().BePositive();
        run.EndNotes.Should().Equal(UnknownQueries);
    }

    [Fact]
    public void Run_Shares_TheLastTellsWhichCandidatesNameNoQueryOfAny()
    {
        const int Shards = 3;
        string named = RerankFixture.Records("t", 30, i => $",\"query\":\"q{i}\"");
        JobOutput parts = fixture.NewJob(RecordFormat.JsonLines);
        string[][] notes =
        [
            .. Enumerable.Range(0, Shards).Select(i => (string[])[.. RerankFixture.RunJob(
                parts with { Shard = new Shard(i, Shards) }, fixture.Task(fixture.Read(named)), Queries).EndNotes]),
        ];
        notes[..^1].Should().OnlyContain(said => said.Length == 0);
        notes[^1].Should().Equal(UnknownQueries);
        // A part that is complete reads no queries, and so knows nothing of them.
        JobOutput last = parts with { Shard = new Shard(Shards - 1, Shards), Resume = true };
        RerankFixture.RunJob(last, fixture.Task(fixture.Read(named)), Queries).EndNotes.Should().BeEmpty();
    }

    [Fact]
    public void Run_RejectedCandidates_StandFirstInTheRejectsOfTheFirstShare()
    {
        const int Shards = 2;
        string texts = "{\"id\":\"c1\"}\n" + RerankFixture.Records("t", 3) + "{\"id\":\"c2\",\"text\":5}\n";
        JobOutput parts = fixture.NewJob(RecordFormat.JsonLines);
        RunTotals[] totals =
        [
            .. Enumerable.Range(0, Shards).Select(i => RerankFixture.Run(
                parts with { Shard = new Shard(i, Shards) }, fixture.Task(fixture.Read(texts)), Queries)),
        ];
        totals.Select(total => total.Written.RejectedCandidates).Should().Equal(2, 0);
        string[] first = File.ReadAllLines(JobFiles.RejectsOf(parts.Rejects!, new Shard(0, Shards)));
        first[..2].Should().Equal(
            "{\"id\":\"c1\",\"error\":\"no field 'text'\",\"file\":\"input\",\"record\":0,\"line\":1,\"offset\":0,"
            + "\"text\":\"{\\\"id\\\":\\\"c1\\\"}\"}",
            $"{{\"id\":\"c2\",\"error\":\"field 'text': expected a string, found a number\",\"file\":\"input\",\"record\":4,"
            + $"\"line\":5,\"offset\":{Encoding.UTF8.GetByteCount(texts[..texts.LastIndexOf('{')])},"
            + "\"text\":\"{\\\"id\\\":\\\"c2\\\",\\\"text\\\":5}\"}");
        File.ReadAllLines(JobFiles.RejectsOf(parts.Rejects!, new Shard(1, Shards))).Length
            .Should().Be((int)totals[1].Written.Rejected);
        (first.Length - 2).Should().Be((int)totals[0].Written.Rejected);
    }

    [Theory]
    [InlineData(0, 1, "1 records and 1 candidates rejected; 1 are allowed")]
    [InlineData(1, 0, "0 records and 1 candidates rejected; 0 are allowed")]
    [InlineData(0, 2, null)]
    [InlineData(1, 1, null)]
    public void Run_RejectedCandidatesAndQueriesTogether_AreHeldToWhatIsAllowed(int share, int allowed, string? fault)
    {
        JobOutput part = fixture.NewJob(RecordFormat.JsonLines) with { Shard = new Shard(share, 2) };
        string queries = "{\"id\":\"none\"}\n" + RerankFixture.Records("q", 20);   // it is of the first share
        Action run = () => RerankFixture.Run(part, fixture.Task(fixture.Read(Texts)), queries, allowed);
        if (fault is null)
            run.Should().NotThrow();
        else
            run.Should().Throw<ScoringException>().WithMessage(fault);
    }

    [Fact]
    public void Run_NoQueries_StillWritesRejectedCandidates()
    {
        JobOutput job = fixture.NewJob(RecordFormat.JsonLines);
        RerankFixture.Run(job, fixture.Task(fixture.Read(Texts)), "").Written.RejectedCandidates.Should().Be(1);
        File.ReadAllLines(job.Rejects!).Should().ContainSingle().Which.Should().StartWith("{\"id\":\"bad\",\"error\":");
    }

    [Theory]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天\"}\n", true)]
    [InlineData("{\"text\":\"今天\",\"id\":\"t0\",\"more\":1}\n", true)]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天天\"}\n", false)]
    [InlineData("{\"id\":\"t1\",\"text\":\"今天\"}\n", false)]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天\"}\n{\"id\":\"t1\"}\n", false)]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天\",\"query\":\"q0\"}\n", false)]
    public void Resume_OtherCandidates_IsAnotherJob(string candidates, bool same)
    {
        JobFingerprint first = Fingerprint("{\"id\":\"t0\",\"text\":\"今天\"}\n"), second = Fingerprint(candidates);
        string? difference = second.Difference(first);
        if (same)
            difference.Should().BeNull();
        else
            difference.Should().StartWith("candidates: was '1 of digest ");
    }

    [Fact]
    public void Resume_OtherTopOrScores_IsAnotherJob()
    {
        Candidates candidates = fixture.Read(Texts);
        fixture.Task(candidates, top: 3).Name.Should().Be("rerank, scores, top 3");
        fixture.Task(candidates, raw: true).Name.Should().Be("rerank, logits, top all");
    }

    private JobFingerprint Fingerprint(string candidates)
    {
        using RecordSource source = new([RecordReaderTests.Input(Queries, RecordFormat.JsonLines)], new RecordFields());
        ScoringRun run = new(
            fixture.Task(fixture.Read(candidates)), source, new ScoringOptions(), RecordFormat.JsonLines);
        return JobFingerprint.Of(run, new JobOutput { Path = "out", Format = RecordFormat.JsonLines });
    }
}
