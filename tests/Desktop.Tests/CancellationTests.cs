using System.Net;
using FluentAssertions;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Typing;
using GauRuntime.Scoring;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>What is cancelled computes no further pass, and what runs leaves the window free.</summary>
public sealed class CancellationTests(RunningApplication running)
{
    private static readonly string LongText = string.Concat(Enumerable.Repeat("街道办事处可以调取视频资料。", 12));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Explanation_Cancelled_ComputesNoFurtherPass()
    {
        using ModelShelf models = new(null);
        using ModelLease lease = models.Take();
        using CancellationTokenSource cancel = new();
        List<(int Done, int All)> told = [];
        FluentActions.Invoking(() => lease.Shared.Typing.Explain(
            LongText, null, cancel.Token,
            (done, all) =>
            {
                told.Add((done, all));
                if (done > 0)
                    cancel.Cancel();
            })).Should().Throw<OperationCanceledException>();
        told.Should().HaveCount(2, "it began no pass after it was cancelled");
        told[^1].All.Should().Be(LongText.Length);
        told[^1].Done.Should().BeLessThan(LongText.Length);
    }

    [Fact]
    public void Answers_CancelledBefore_AreNotComputed()
    {
        using ModelShelf models = new(null);
        using ModelLease lease = models.Take();
        TypingSession typing = lease.Shared.Typing;
        CancellationToken cancelled = new(true);
        FluentActions.Invoking(() => typing.Answer(LongText, null, cancelled)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => typing.Attend(LongText, null, 0, -1, cancelled)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => typing.Explain(LongText, null, cancelled)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public async Task Job_Cancelled_WritesNoMoreThanWasBegun()
    {
        const int Records = 20_000;
        using TemporaryFolder folder = new();
        string input = folder.Write(
            "in.csv", "nr,text\n" + string.Concat(Enumerable.Range(0, Records).Select(i => $"{i},第{i}条　制定本条例。\n")));
        using ModelShelf models = new(null);
        using DesktopJob job = new(JobFolder.Create(folder.Path("jobs"), SampleJob.Describe(input)));
        job.TryQueue(vectors: false);
        Task work = Task.Run(() => job.Work(models), Cancel);
        while (job.Answer().Records == 0 && !work.IsCompleted)
            await Task.Delay(1, Cancel);
        job.Cancel();
        long tokens = job.Answer().Tokens;
        await work;
        job.Answer().State.Should().Be("stopped");
        // One with each thread, and as many again that wait for their turn to be written.
        int batches = 2 * Environment.ProcessorCount + 2;
        (job.Answer().Tokens - tokens).Should().BeLessThanOrEqualTo(batches * ScoringOptions.DefaultBatchTokens);
    }

    [Fact]
    public async Task Calls_WhileAJobComputes_AreAnswered()
    {
        await using RunningApplication own = new();
        await own.InitializeAsync();
        string input = own.Write("many.txt", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"第{i}条　制定本条例。\n")));
        string id = await own.Begin(input);
        foreach (string text in (string[])["第", "第一", "第一条"])
            (await own.Post("/api/type", $$"""{"text":"{{text}}","pair":null}""")).Status.Should().Be(HttpStatusCode.OK);
        (await own.Post("/api/explain", """{"text":"第一条","pair":null}""")).Status.Should().Be(HttpStatusCode.OK);
        await own.Post("/api/jobs/cancel", $$"""{"id":"{{id}}"}""");
        (await own.Ended(id)).Should().Be("stopped", "it was far from its end all the time");
    }

    // Who goes away in the middle of a call holds nothing up.
    [Fact]
    public async Task Call_GivenUp_LeavesTheNextItsTurn()
    {
        for (int i = 0; i < 20; i++)
        {
            using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            using StringContent content = new(
                $$"""{"text":"{{LongText}}","pair":null}""", System.Text.Encoding.UTF8, "application/json");
            Task<HttpResponseMessage> call = running.Page.PostAsync(new Uri("/api/explain", UriKind.Relative), content, gone.Token);
            await Task.Yield();
            await gone.CancelAsync();
            await FluentActions.Awaiting(async () => (await call).Dispose()).Should().ThrowAsync<OperationCanceledException>();
        }
        (HttpStatusCode status, _) = await running.Post("/api/explain", """{"text":"第一条","pair":null}""");
        status.Should().Be(HttpStatusCode.OK);
    }
}
