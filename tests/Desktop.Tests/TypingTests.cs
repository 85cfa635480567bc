using System.Net;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Typing;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>What is answered while a text is typed is what the library answers.</summary>
public sealed class TypingTests(RunningApplication running)
{
    private const string Text = "街道办事处可以调取视频资料。";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_OfAText_IsThatOfTheLibrary()
    {
        using ModelShelf models = new(null);
        using ModelLease lease = models.Take();
        Classification expected = new GauClassifier(lease.Model).Classify(Text);
        (HttpStatusCode status, JsonElement answer) = await running.Post("/api/type", Call(Text));
        status.Should().Be(HttpStatusCode.OK);
        JsonElement best = answer.GetProperty("scores")[0];
        best.GetProperty("label").GetString().Should().Be(expected.Label);
        best.GetProperty("score").GetSingle().Should().Be(expected.Score);
        JsonElement[] tokens = [.. answer.GetProperty("tokens").EnumerateArray()];
        tokens[0].GetProperty("part").GetInt32().Should().Be(-1);
        string.Concat(tokens.Where(token => token.GetProperty("part").GetInt32() == 0)
            .Select(token => Text[token.GetProperty("start").GetInt32()..token.GetProperty("end").GetInt32()]))
            .Should().Be(Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\0\u0001")]
    public async Task Answer_OfAnOddText_IsOne(string text) =>
        (await running.Post("/api/type", JsonSerializer.Serialize(new { text, pair = (string?)null })))
            .Status.Should().Be(HttpStatusCode.OK);

    [Fact]
    public async Task Explanation_OfAText_HasAChangeForEveryToken()
    {
        (HttpStatusCode status, JsonElement answer) = await running.Post("/api/explain", Call(Text));
        status.Should().Be(HttpStatusCode.OK);
        JsonElement[] changes = [.. answer.GetProperty("changes").EnumerateArray()];
        changes.Should().HaveCount(Text.Length);
        changes.Should().Contain(change => change.GetProperty("change").GetSingle() != 0);
    }

    [Fact]
    public async Task Attention_OfALayer_HasAWeightForEveryTwoTokens()
    {
        (HttpStatusCode status, JsonElement answer) = await running.Post(
            "/api/attention", $$"""{"text":"{{Text}}","pair":null,"layer":0,"head":-1}""");
        status.Should().Be(HttpStatusCode.OK);
        int tokens = answer.GetProperty("tokens").GetArrayLength();
        tokens.Should().Be(Text.Length + 2);
        byte[] weights = answer.GetProperty("weights").GetBytesFromBase64();
        weights.Should().HaveCount(tokens * tokens);
        weights.Max().Should().Be(255);
    }

    [Fact]
    public async Task Attention_OfNoLayer_IsABadRequest()
    {
        foreach (int layer in (int[])[-1, 1000, int.MaxValue])
            (await running.Post("/api/attention", $$"""{"text":"x","pair":null,"layer":{{layer}},"head":-1}"""))
                .Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Latest_WhenAnotherComes_IsCancelled()
    {
        using LatestOnly latest = new();
        TaskCompletionSource began = new();
        Task<int> first = latest.Run(
            "", cancel =>
            {
                began.SetResult();
                cancel.WaitHandle.WaitOne();
                cancel.ThrowIfCancellationRequested();
                return 1;
            },
            Cancel);
        await began.Task;
        Task<int> waiting = latest.Run("", _ => 2, Cancel), last = latest.Run("", _ => 3, Cancel);
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<OperationCanceledException>();
        (await last).Should().Be(3);
        try
        {
            (await waiting).Should().Be(2);   // it may have had its turn before the last came
        }
        catch (OperationCanceledException)
        {
        }
    }

    [Fact]
    public async Task Latest_OneAfterTheOther_AreAllDone()
    {
        using LatestOnly latest = new();
        for (int i = 0; i < 100; i++)
            (await latest.Run("", _ => i, Cancel)).Should().Be(i);
    }

    [Fact]
    public async Task Latest_OfAnotherWindow_IsLeftAlone()
    {
        using LatestOnly latest = new();
        TaskCompletionSource began = new();
        using ManualResetEventSlim goOn = new();
        Task<int> first = latest.Run(
            "one",
            cancel =>
            {
                began.SetResult();
                goOn.Wait(cancel);
                return 1;
            },
            Cancel);
        await began.Task;
        (await latest.Run("two", _ => 2, Cancel)).Should().Be(2);
        latest.Cancel("two");
        goOn.Set();
        (await first).Should().Be(1);
    }

    [Theory]
    [InlineData(2 << 20)]
    [InlineData(40 << 20)]   // more than the system takes before somebody reads it
    public async Task Text_LongerThanACallMayBe_IsSaidToBeThat(int length)
    {
        (HttpStatusCode status, JsonElement fault) = await running.Post("/api/type", Call(new string('a', length)));
        status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        string kind = fault.GetProperty("kind").GetString()!;
        kind.Should().Be("text-too-large");
        string words = await running.Stranger.GetStringAsync(new Uri("/words.js", UriKind.Relative), Cancel);
        words.Should().Contain($"fault_{kind.Replace('-', '_')}:");
    }

    [Fact]
    public async Task Model_ThatIsNone_LeavesTheOneInUse()
    {
        string path = running.Write("no.safetensors", "nothing");
        (HttpStatusCode status, JsonElement fault) = await running.Post(
            "/api/model", $$"""{"path":{{JsonSerializer.Serialize(path)}}}""");
        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        fault.GetProperty("error").GetString().Should().Contain("no.safetensors");
        (await running.Post("/api/type", Call(Text))).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public void Model_Switched_IsUnloadedWhenItsLastUserIsDone()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("tiny.safetensors");
        TinyModel.Write(path, TinyModel.Sequence);
        using ModelShelf models = new(path);
        ModelLease lease = models.Take();
        models.Switch(null);
        new GauClassifier(lease.Model).Classify("a").Labels.Should().Equal("a", "b", "c");
        lease.Dispose();
        FluentActions.Invoking(() => new GauClassifier(lease.Model).Classify("a")).Should().Throw<ObjectDisposedException>();
        using ModelLease next = models.Take();
        next.Shared.Path.Should().BeNull();
    }

    private static string Call(string text) => $$"""{"text":"{{text}}","pair":null}""";
}
