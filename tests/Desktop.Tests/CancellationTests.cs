using System.Net;
using FluentAssertions;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Typing;
using GauRuntime.Scoring;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>What is cancelled computes no further pass, and what runs leaves the window free.</summary>
public sealed class CancellationTests
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
        using TemporaryFolder folder = new();
        using ModelShelf models = new(null);
        (DesktopJob job, long tokens) = await SampleJob.Cancelled(folder, models);
        // One with each thread, and as many again that wait for their turn to be written.
        int batches = 2 * Environment.ProcessorCount + 2;
        (job.Answer().Tokens - tokens).Should().BeLessThanOrEqualTo(batches * ScoringOptions.DefaultBatchTokens);
        job.Dispose();
    }

    [Fact]
    public async Task Calls_WhileAJobComputes_AreAnswered()
    {
        await using RunningApplication running = new();
        await running.InitializeAsync();
        foreach (int rows in SampleJob.Sizes)
        {
            string id = await running.Begin(running.Write($"in-{rows}.csv", SampleJob.Table(rows)));
            foreach (string text in (string[])["第", "第一", "第一条"])
                (await running.Post("/api/type", $$"""{"text":"{{text}}","pair":null}""")).Status.Should().Be(HttpStatusCode.OK);
            (await running.Post("/api/explain", """{"text":"第一条","pair":null}""")).Status.Should().Be(HttpStatusCode.OK);
            await running.Post("/api/jobs/cancel", $$"""{"id":"{{id}}"}""");
            if (await running.Ended(id) == "stopped")
                break;   // and computed all the time
        }
    }

    // Who goes away in the middle of a call holds nothing up.
    [Fact]
    public async Task Call_GivenUp_LeavesTheNextItsTurn()
    {
        await using RunningApplication running = new();   // the calls of another test would end these
        await running.InitializeAsync();
        for (int given = 0; given < 20;)
        {
            using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            using StringContent content = new(
                $$"""{"text":"{{LongText}}","pair":null}""", System.Text.Encoding.UTF8, "application/json");
            Task<HttpResponseMessage> call = running.Page.PostAsync(new Uri("/api/explain", UriKind.Relative), content, gone.Token);
            await Task.Yield();
            await gone.CancelAsync();
            try
            {
                (await call).Dispose();   // it was faster
            }
            catch (OperationCanceledException)
            {
                given++;
            }
        }
        (HttpStatusCode status, _) = await running.Post("/api/explain", """{"text":"第一条","pair":null}""");
        status.Should().Be(HttpStatusCode.OK);
    }
}
