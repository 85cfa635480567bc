using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Threads;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class ScoringRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;

    public ScoringRunTests() => model = LoadedModel.Of(folder, TinyModel.Sequence);

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 64)]
    [InlineData(16, 1)]
    [InlineData(16, 4096)]
    public void Write_AnyThreadsAndBatches_GivesTheSameBytesInOrder(int threads, int batchTokens)
    {
        string input = Lines(400, seed: 3);
        string expected = Run(input, threads: 1, batchTokens: 256);
        expected.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetInt32())
            .Should().Equal(Enumerable.Range(0, 400));
        Run(input, threads, batchTokens).Should().Be(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Write_FewLongTextsAtOnce_GivesTheSameBytes(int longTexts)
    {
        string input = Lines(400, seed: 9);
        Run(input, threads: 8, batchTokens: 8, longTexts: longTexts).Should().Be(Run(input, threads: 1));
    }

    [Fact]
    public void Write_Shuffled_GivesEveryTextTheSameBits()
    {
        string[] texts = Lines(200, seed: 4).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] answers = Answers(Run(string.Join('\n', texts)));
        int[] order = Enumerable.Range(0, 200).ToArray();
        new Random(5).Shuffle(order);
        Answers(Run(string.Join('\n', order.Select(i => texts[i])))).Should().Equal(order.Select(i => answers[i]));
    }

    [Fact]
    public void Write_TextsThatComeAgainSoonOrLate_GetTheAnswersTheyHaveAlone()
    {
        // More texts than are remembered, so that answers are shared, forgotten and used for others.
        string[] texts = [.. Lines(1500, seed: 10).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()];
        texts.Length.Should().BeGreaterThan(1100);
        Dictionary<string, string> alone = texts.Zip(Answers(Run(string.Join('\n', texts), batchTokens: 1)))
            .ToDictionary(pair => pair.First, pair => pair.Second);
        Random random = new(11);
        string[] drawn = [.. Enumerable.Range(0, 6000)
            .Select(i => texts[random.Next(i % 2 == 0 ? 20 : texts.Length)])];
        Answers(Run(string.Join('\n', drawn), threads: 3, batchTokens: 64)).Should().Equal(drawn.Select(t => alone[t]));
    }

    [Fact]
    public void Write_PairsOfTheSameCharacters_AreNotTakenForEachOther()
    {
        string[] pairs = ["今天|天气", "今|天天气", "今天天气|", "|今天天气", "今天|天气"];
        string input = string.Concat(pairs.Select(p => p.Split('|')).Select(p => $"{{\"text\":\"{p[0]}\",\"pair\":\"{p[1]}\"}}\n"));
        using MemoryStream output = new();
        using RecordSource source = new(
            [RecordReaderTests.Input(input, RecordFormat.JsonLines)], new RecordFields { Pair = "pair" });
        new ScoringRun(RecordTask.Score(model), source, new ScoringOptions(), RecordFormat.JsonLines).Write(
            output, null, CancellationToken.None);
        string[] answers = Answers(Encoding.UTF8.GetString(output.ToArray()));
        answers.Distinct().Should().HaveCount(4);
        answers[4].Should().Be(answers[0]);
    }

    [Fact]
    public void Write_RejectsBetween_LeaveNeighboursBitForBitTheSame()
    {
        string[] good = [.. Lines(60, seed: 6).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((t, i) => $"{{\"id\":{i},\"text\":{JsonSerializer.Serialize(t)}}}")];
        IEnumerable<string> mixed = good.SelectMany((line, i) => i % 3 == 0 ? new[] { "{\"text\":1}", line } : [line]);
        using MemoryStream rejects = new();
        string withBad = Run(string.Join('\n', mixed), format: RecordFormat.JsonLines, rejects: rejects);
        string[] lines = withBad.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(80);
        lines[0].Should().Be("{\"id\":null,\"record\":0,\"error\":\"field 'text': expected a string, found a number\"}");
        string clean = Run(string.Join('\n', good), format: RecordFormat.JsonLines);
        string.Concat(
            lines.Where(l => !l.Contains("error", StringComparison.Ordinal)).Select(l => l + "\n")).Should().Be(clean);
        Encoding.UTF8.GetString(rejects.ToArray()).Split('\n')[0].Should().Be(
            "{\"id\":null,\"error\":\"field 'text': expected a string, found a number\",\"file\":\"input\",\"record\":0,\"line\":1,\"offset\":0,\"text\":\"{\\\"text\\\":1}\"}");
    }

    [Fact]
    public void Write_SlowWriter_StopsTheReader()
    {
        CountingStream input = new(Encoding.UTF8.GetBytes(Lines(20_000, seed: 7)));
        using SlowStream output = new(failAfter: 6);
        using RecordSource source = new(
            [new InputFile("input", RecordFormat.Text, null, () => input)], new RecordFields());
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 2, BatchTokens = 64 },
            RecordFormat.JsonLines);
        run.Invoking(r => r.Write(output, null, CancellationToken.None)).Should().Throw<IOException>()
            .WithMessage("enough");
        // 6 batches in flight and 6 written, of at most 64 tokens each, and one buffer of 64 KiB: far from the end of
        // the input.
        input.BytesRead.Should().BeLessThan(input.Length / 2);
    }

    [Fact]
    public void Write_InputFault_ComesAfterEverythingBeforeIt()
    {
        using MemoryStream output = new();
        using RecordSource source = new(
            [
                RecordReaderTests.Input("text\n今天\n", RecordFormat.Csv),
                RecordReaderTests.Input("text\n\"a", RecordFormat.Csv)], new RecordFields());
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 2 }, RecordFormat.JsonLines);
        run.Invoking(r => r.Write(output, null, CancellationToken.None)).Should().Throw<GauFormatException>();
        Encoding.UTF8.GetString(output.ToArray()).Should().StartWith("{\"id\":0,\"label\"").And.EndWith("}\n");
        run.Totals.Written.Records.Should().Be(1);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void Write_MoreRejectsThanAllowed_Ends(int allowed, bool ends)
    {
        const string Input = "{}\n{\"text\":\"今\"}\n{}\n";
        Action run = () => Run(Input, format: RecordFormat.JsonLines, maxRejects: allowed);
        if (ends)
            run.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.TooManyRejects);
        else
            run.Should().NotThrow();
    }

    [Fact]
    public void Write_FaultWhileAWorkerIsAtALongText_LeavesItToItsEnd()
    {
        using SlowStream output = new(failAfter: 0);
        using RecordSource source = new(
            [RecordReaderTests.Input($"今天\n{new string('天', 12_000)}\n", RecordFormat.Text)], new RecordFields());
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 2, BatchTokens = 16, MaxLength = 16_000 },
            RecordFormat.JsonLines);
        run.Invoking(r => r.Write(output, null, CancellationToken.None)).Should().Throw<IOException>();
        // What a thread throws after that ends the process of the tests.
        Thread.Sleep(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Write_Cancelled_Ends()
    {
        using CancellationTokenSource cancel = new();
        using SlowStream output = new(failAfter: int.MaxValue, onWrite: cancel.Cancel);
        using RecordSource source = new(
            [RecordReaderTests.Input(Lines(5000, seed: 8), RecordFormat.Text)], new RecordFields());
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 2, BatchTokens = 16 },
            RecordFormat.JsonLines);
        run.Invoking(r => r.Write(output, null, cancel.Token)).Should().Throw<OperationCanceledException>();
        run.Totals.Written.Records.Should().BeLessThan(5000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Resume_CancelledBeforeTheShare_Ends(bool looksAtAll)
    {
        const string Line = "今天天气很好\n";
        const int Count = 1_000_000;
        using CancellationTokenSource cancel = new();
        GeneratedStream input = null!;   // the last that was opened
        string Next(int number)
        {
            if (number == 1000)
                cancel.Cancel();
            return Line;
        }

        long length = Count * (long)Encoding.UTF8.GetByteCount(Line);
        using RecordSource source = new(
            [new InputFile("input", RecordFormat.Text, length, () => input = new GeneratedStream(Count, Next))],
            new RecordFields(), shard: new Shard(1, 2));
        if (looksAtAll)
            source.BeforeShare = _ => { };
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 1 }, RecordFormat.JsonLines);
        run.Invoking(r => r.Resume(new RunCounts(1, 0, 0, 8), default, cancel.Token))
            .Should().Throw<OperationCanceledException>();
        input.Bytes.Should().BeLessThan(length / 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Write_ThreadIsRefused_EndsTheOthersAndIsNoLackOfMemory(int started)
    {
        using RecordSource source = new(
            [RecordReaderTests.Input(Lines(1000, seed: 6), RecordFormat.Text)], new RecordFields());
        List<Thread> threads = [];
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 4 }, RecordFormat.JsonLines)
        {
            StartThread = thread =>
            {
                if (threads.Count == started)
                    throw new InsufficientMemoryException();   // as .NET says it, by one of the same kind
                thread.Start();
                threads.Add(thread);
            },
        };
        run.Invoking(r => r.Write(Stream.Null, null, CancellationToken.None)).Should().Throw<RefusedThreadException>();
        threads.Should().HaveCount(started);
        ChildProcess.Until(() => threads.TrueForAll(thread => !thread.IsAlive));
    }

    [Fact]
    public void Check_CancelledBeforeTheShare_DoesNotReadUpToIt()
    {
        string path = folder.Write("in.txt", Lines(100, seed: 6));
        using RecordSource source = new(
            [InputFile.Find(path, null)], new RecordFields(), shard: new Shard(1, 2));
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 1 }, RecordFormat.JsonLines);
        run.Invoking(r => r.Check(10, new CancellationToken(canceled: true)))
            .Should().Throw<OperationCanceledException>();
        source.Invoking(s => s.StartDigest).Should().Throw<InvalidOperationException>().WithMessage("nothing has been*");
    }

    [Fact]
    public void Write_CancelledBeforeItBegins_IsNotTakenForTheEnd()
    {
        for (int i = 0; i < 50; i++)
        {
            using RecordSource source = new([RecordReaderTests.Input("今天\n", RecordFormat.Text)], new RecordFields());
            ScoringRun run = new(
                RecordTask.Score(model), source, new ScoringOptions { Threads = 1 }, RecordFormat.JsonLines);
            run.Invoking(r => r.Write(Stream.Null, null, new CancellationToken(canceled: true)))
                .Should().Throw<OperationCanceledException>();
        }
    }

    [Fact]
    public void Write_EmptyAndLongTexts_AreFlagged()
    {
        string[] lines = Run($"\n \u3000\n今天\n{new string('天', 40)}\n", maxLength: 10).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(l => l[(l.IndexOf("\"tokens\"", StringComparison.Ordinal))..]).Should().Equal(
            "\"tokens\":2,\"truncated\":false,\"empty\":true}",
            "\"tokens\":2,\"truncated\":false,\"empty\":true}",
            "\"tokens\":4,\"truncated\":false}",
            "\"tokens\":10,\"truncated\":true}");
    }

    [Fact]
    public void Write_ModelOfNaNs_RejectsInsteadOfWritingThem()
    {
        using TemporaryFolder folder = new();
        // Squares of such numbers overflow, and so the norm gives 0 · ∞.
        using GauModel model = LoadedModel.Of(
            folder, TinyModel.Sequence, (name, w) => w.Fill(name == "head.out" ? float.MaxValue : w[0]));
        string line = Run("今天天气", model: model);
        line.Should().Be("{\"id\":0,\"error\":\"the model gave a number that is not finite\"}\n");
    }

    private static string[] Answers(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[line.IndexOf(",\"label\"", StringComparison.Ordinal)..])];

    private static string Lines(int count, int seed)
    {
        const string Characters = "今天气很好我们去公园玩吧明来下雨了大家一起学习中文语言模型 abc12，。";
        Random random = new(seed);
        return string.Concat(Enumerable.Range(0, count)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Characters[random.Next(Characters.Length)])) + "\n"));
    }

    private string Run(
        string input, int threads = 2, int batchTokens = 100, RecordFormat format = RecordFormat.Text,
        MemoryStream? rejects = null,
        long? maxRejects = null, int maxLength = 512, GauModel? model = null, int longTexts = int.MaxValue)
    {
        using MemoryStream output = new();
        using RecordSource source = new([RecordReaderTests.Input(input, format)], new RecordFields());
        ScoringOptions options = new()
        {
            Threads = threads, BatchTokens = batchTokens, MaxRejects = maxRejects, MaxLength = maxLength,
            LongTexts = longTexts,
        };
        new ScoringRun(RecordTask.Score(model ?? this.model), source, options, RecordFormat.JsonLines).Write(
            output, rejects, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
