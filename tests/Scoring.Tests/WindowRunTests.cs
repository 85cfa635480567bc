using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Runs over texts that are read in windows.</summary>
public sealed class WindowRunTests : IDisposable
{
    private const string Long = "😀天好。我们去。公园大。下雨了。";   // three windows of 10 tokens, 4 apart

    private static readonly WindowOptions Windows = new() { Tokens = 10, Stride = 4 };

    private static readonly string Records = string.Concat(((string[])
        [Long, "今天", string.Concat(Enumerable.Repeat(Long, 100)), "", "今天", Long + Long, "hello un the. 3.5"])
        .Select((text, i) => $"{{\"id\":{i},\"text\":{JsonSerializer.Serialize(text)},\"pair\":\"我们\"}}\n"))
        + "{\"id\":\"bad\"}\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(HeadKind.SequenceClassification)]
    [InlineData(HeadKind.TokenClassification)]
    [InlineData(HeadKind.QuestionAnswering)]
    public void Rows_WhateverBatchAndThreads_AreTheSameBytesAndThoseOfTheLibrary(HeadKind kind)
    {
        using GauModel model = Load(kind);
        RecordTask task = RecordTask.Score(model, Windows);
        RecordFields fields = new() { Text = kind == HeadKind.QuestionAnswering ? "pair" : "text", Pair = kind == HeadKind.QuestionAnswering ? "text" : null };
        string rows = Rows(task, new ScoringOptions { Threads = 1, BatchTokens = 1 << 14 }, fields);
        Rows(task, new ScoringOptions { Threads = 1, BatchTokens = 8 }, fields).Should().Be(rows);
        Rows(task, new ScoringOptions { Threads = 3, BatchTokens = 64 }, fields).Should().Be(rows);
        Rows(task, new ScoringOptions { Threads = 2, BatchTokens = 33, LongTexts = 1 }, fields).Should().Be(rows);
        JsonElement first = Row(rows, 0), third = Row(rows, 2), empty = Row(rows, 3);
        first.GetProperty("truncated").GetBoolean().Should().BeFalse();
        first.GetProperty("windows").GetInt32().Should().BeGreaterThan(2);
        third.GetProperty("windows").GetInt32().Should().BeGreaterThan(300);
        (empty.GetProperty("windows").GetInt32(), empty.TryGetProperty("error", out _)).Should().Be((1, false));
        Check(kind, model, first, fields);
    }

    [Fact]
    public void Embed_Windows_GivesTheVectorOfTheLibrary()
    {
        using GauModel model = Load(HeadKind.SequenceClassification);
        EmbedderOptions options = new() { Normalize = true, Windows = Windows with { Aggregate = WindowAggregate.Max } };
        JsonElement row = Row(Rows(new EmbedTask(model, options), new ScoringOptions { Threads = 2 }, new()), 0);
        row.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()).Should().Equal(
            new GauEmbedder(model, options).Embed(Long).Vector.ToArray());
        row.GetProperty("windows").GetInt32().Should().Be(3);
        row.GetProperty("tokens").GetInt32().Should().Be(30);
    }

    [Theory]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Tsv)]
    public void Tables_OfWindows_HaveAColumnOfTheirNumber(RecordFormat format)
    {
        using GauModel model = Load(HeadKind.SequenceClassification);
        string[] lines = Rows(RecordTask.Score(model, Windows), new ScoringOptions { Threads = 1 }, new(), format).Split('\n');
        string[] names = lines[0].Split(format == RecordFormat.Csv ? ',' : '\t');
        names.Should().ContainInConsecutiveOrder("p_O", "p_B-x", "p_I-x", "windows", "tokens", "truncated");
        lines[1].Split(format == RecordFormat.Csv ? ',' : '\t')[Array.IndexOf(names, "windows")].Should().Be("3");
        Rows(RecordTask.Score(model), new ScoringOptions { Threads = 1 }, new(), format).Should().NotContain("windows");
    }

    [Fact]
    public void Parquet_OfWindows_ComesBackWithTheSameRows()
    {
        using GauModel model = Load(HeadKind.TokenClassification);
        RecordTask task = RecordTask.Score(model, Windows);
        string path = folder.Path("out.parquet");
        using RecordSource source = new([Input()], new RecordFields());
        ScoringRun run = new(task, source, new ScoringOptions { Threads = 2 }, RecordFormat.Parquet);
        using (ScoringJob job = ScoringJob.Open(new JobOutput { Path = path, Format = RecordFormat.Parquet }))
            job.Run(run, CancellationToken.None);
        TableRows.Of(File.OpenRead(path)).Should().Be(Rows(task, new ScoringOptions { Threads = 1 }, new()));
    }

    [Fact]
    public void Totals_OfARun_SayHowManyRecordsHadHowManyWindows()
    {
        using GauModel model = Load(HeadKind.SequenceClassification);
        using RecordSource source = new([Input()], new RecordFields());
        ScoringRun run = new(
            RecordTask.Score(model, Windows), source, new ScoringOptions { Threads = 2 }, RecordFormat.JsonLines);
        run.Write(Stream.Null, null, CancellationToken.None);
        run.Totals.Windows.Ranges.Should().Equal(("1", 4L), ("3", 1L), ("5-8", 1L), ("257-512", 1L));
        run.Totals.Written.Truncated.Should().Be(0);
    }

    [Fact]
    public void WindowCounts_Numbers_FallIntoRangesThatDouble()
    {
        WindowCounts counts = new();
        foreach (int windows in (int[])[1, 1, 2, 4, 5, 8, 9, 16, 17, 2048])
            counts.Add(windows);
        counts.Ranges.Should().Equal(
            ("1", 2L), ("2", 1L), ("4", 1L), ("5-8", 2L), ("9-16", 2L), ("17-32", 1L), ("1025-2048", 1L));
    }

    [Fact]
    public void Fingerprint_OtherWindows_AreAnotherJob()
    {
        using GauModel model = Load(HeadKind.SequenceClassification);
        string? Difference(RecordTask task, RecordTask other) => Of(task).Difference(Of(other));
        Difference(RecordTask.Score(model, Windows with { Stride = 5 }), RecordTask.Score(model, Windows)).Should().Be(
            "task: was 'score, windows of 10 tokens, stride 4, mean', is 'score, windows of 10 tokens, stride 5, mean'");
        Difference(RecordTask.Score(model, Windows), RecordTask.Score(model, Windows)).Should().BeNull();
        Difference(RecordTask.Score(model), RecordTask.Score(model, Windows with { Aggregate = WindowAggregate.Max }))
            .Should().Be("task: was 'score, windows of 10 tokens, stride 4, max', is 'score'");
        Difference(new EmbedTask(model, new EmbedderOptions { Windows = Windows }), new EmbedTask(model, Pooling.Mean))
            .Should().EndWith(", windows of 10 tokens, stride 4, mean'");

        JobFingerprint Of(RecordTask task)
        {
            using RecordSource source = new([Input()], new RecordFields());
            ScoringRun run = new(task, source, new ScoringOptions(), RecordFormat.JsonLines);
            return JobFingerprint.Of(run, new JobOutput { Path = "out.jsonl", Format = RecordFormat.JsonLines });
        }
    }

    [Fact]
    public void Record_OfMoreWindowsThanAllowed_IsRejectedBetweenItsNeighbours()
    {
        using GauModel model = Load(HeadKind.SequenceClassification);
        string input = $"{{\"text\":\"今天\"}}\n{{\"text\":\"{new string('天', 5000)}\"}}\n{{\"text\":\"今天\"}}\n";
        string rows = Rows(
            RecordTask.Score(model, new WindowOptions { Tokens = 4096, Stride = 1 }), new ScoringOptions { Threads = 1 },
            new(), input: input);
        Row(rows, 1).GetProperty("error").GetString().Should().Be(
            "the text has more than 128 windows of 4096 tokens, and so many are allowed");
        Row(rows, 0).GetProperty("probabilities").ToString().Should().Be(Row(rows, 2).GetProperty("probabilities").ToString());
    }

    [Fact]
    public void Score_WindowsThatMakeNoSense_AreRefused()
    {
        using GauModel choices = Load(HeadKind.MultipleChoice);
        Refused(() => RecordTask.Score(choices, Windows), "windows: a choice is read at once*");
        using GauModel entities = Load(HeadKind.TokenClassification);
        Refused(
            () => RecordTask.Score(entities, Windows with { Aggregate = WindowAggregate.Mean }),
            "entities and answers are not aggregated*");
        using RecordSource source = new([Input()], new RecordFields());
        Refused(
            () => new ScoringRun(
                RecordTask.Score(entities, Windows), source, new ScoringOptions { MaxLength = 64 }, RecordFormat.JsonLines),
            "texts are read in windows of 10 tokens, and cut to 64 as well");

        static void Refused(Func<object> make, string message) => make.Should().Throw<ScoringException>()
            .WithMessage(message).Which.Fault.Should().Be(ScoringFault.Usage);
    }

    private static void Check(HeadKind kind, GauModel model, JsonElement row, RecordFields fields)
    {
        switch (kind)
        {
            case HeadKind.SequenceClassification:
                row.GetProperty("probabilities").EnumerateObject().Select(p => p.Value.GetSingle()).Should().Equal(
                    new GauClassifier(model, Windows).Classify(Long).Values.ToArray());
                break;
            case HeadKind.TokenClassification:
                string[] runes = [.. Long.EnumerateRunes().Select(rune => rune.ToString())];
                TextEntity[] entities = [.. new GauTokenClassifier(model, Windows).Classify(Long).Entities];
                JsonElement[] found = [.. row.GetProperty("entities").EnumerateArray()];
                found.Select(e => (e.GetProperty("text").GetString(), e.GetProperty("score").GetSingle())).Should().Equal(
                    entities.Select(e => ((string?)Long[e.Start..e.End], e.Score)));
                found.Select(e => e.GetProperty("text").GetString()).Should().Equal(found.Select(e => string.Concat(
                    runes[e.GetProperty("start").GetInt32()..e.GetProperty("end").GetInt32()])));
                break;
            default:
                TextAnswer answer = new GauQuestionAnswering(model, Windows).Answer("我们", Long);
                row.GetProperty("answer").GetString().Should().Be(Long[answer.Start..answer.End]);
                row.GetProperty("score").GetSingle().Should().Be(answer.Score);
                break;
        }
    }

    private GauModel Load(HeadKind kind)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        TinyModel.Write(path, TinyModel.HeadOf(Architecture.GauAlpha, kind));
        return GauModel.Load(path);
    }

    private static JsonElement Row(string rows, int index) => JsonDocument.Parse(rows.Split('\n')[index]).RootElement;

    private static InputFile Input(string? content = null) =>
        RecordReaderTests.Input(content ?? Records, RecordFormat.JsonLines);

    private static string Rows(
        RecordTask task, ScoringOptions options, RecordFields fields, RecordFormat format = RecordFormat.JsonLines,
        string? input = null)
    {
        using MemoryStream output = new();
        using RecordSource source = new([Input(input)], fields);
        new ScoringRun(task, source, options, format).Write(output, null, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
