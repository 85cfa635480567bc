using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;
using static GauRuntime.Cli.Tests.Family.FamilyModel;

namespace GauRuntime.Cli.Tests.Family;

/// <summary>The commands over a model of every architecture: the numbers of the library's classes, to the last bit.</summary>
public sealed class FamilyAnswerTests
{
    private static readonly string[] Texts =
        ["😀今天下雨", "天气很好", "", new string('天', 40) + "雨", "a 明天[MASK]。", "我们去[MASK]园玩[MASK]吧"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Score_TextsAndPairs_GivesTheProbabilitiesOfTheLibrary(Architecture architecture)
    {
        using FamilyModel tiny = new(architecture, HeadKind.SequenceClassification);
        GauClassifier classifier = new(tiny.Model);
        string[] rows = [.. tiny.Rows("score", Texts.Select(text => new { text })).Select(Probabilities)];
        rows.Should().Equal(classifier.Classify(Texts, cancel: Cancel).Select(Shown));
        rows.Distinct().Should().HaveCount(Texts.Length, "texts that all have one answer would show nothing");
        (string Text, string Pair)[] pairs = [.. Texts.Zip(Enumerable.Reverse(Texts))];
        tiny.Rows("score", pairs.Select(p => new { text = p.Text, pair = p.Pair }), "--pair", "pair").Select(Probabilities)
            .Should().Equal(classifier.Classify(pairs, cancel: Cancel).Select(Shown)).And.NotEqual(rows);

        static string Probabilities(JsonElement row) =>
            $"{row.GetProperty("label")} {row.GetProperty("tokens")} {Bits(row.GetProperty("probabilities"))}";

        static string Shown(Classification answer) =>
            $"{answer.Label} {answer.Text.Tokens} {Bits(answer.Values.ToArray())}";
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Embed_EveryPooling_GivesTheVectorsOfTheLibrary(Architecture architecture)
    {
        using FamilyModel tiny = new(architecture, HeadKind.MaskedLm);
        List<string> first = [];
        foreach (string name in PoolingName.All)
        {
            EmbedderOptions options = new()
            {
                Pooling = PoolingName.Parse(name)!.Value, Normalize = true, Dimensions = 12,
            };
            string[] found =
            [
                .. tiny.Rows("embed", Texts.Select(text => new { text }), "--pooling", name, "--normalize", "--dimensions", "12")
                    .Select(row => Bits(row.GetProperty("embedding"))),
            ];
            found.Should().Equal(
                new GauEmbedder(tiny.Model, options).Embed(Texts, cancel: Cancel)
                    .Select(one => Bits(one.Vector.ToArray())), name);
            first.Add(found[0]);
        }
        first.Distinct().Should().HaveCount(PoolingName.All.Count);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Fill_Masks_GivesTheTokensOfTheLibrary(Architecture architecture)
    {
        using FamilyModel tiny = new(architecture, HeadKind.MaskedLm);
        string[] masked = [.. Texts.Where(text => text.Contains("[MASK]", StringComparison.Ordinal))];
        tiny.Rows("fill", masked.Select(text => new { text }), "--top", "7").Select(row => string.Join(' ',
                row.GetProperty("masks").EnumerateArray().SelectMany(mask => mask.GetProperty("tokens").EnumerateArray())
                    .Select(token => $"{token.GetProperty("token")} {Bits([token.GetProperty("probability").GetSingle()])}")))
            .Should().Equal(new GauFillMask(tiny.Model).Fill(masked, top: 7, cancel: Cancel).Select(text => string.Join(' ',
                text.Masks.SelectMany(mask => mask.Tokens).Select(token => $"{token.Token} {Bits([token.Probability])}"))));
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Rerank_Candidates_GivesTheScoresOfTheLibrary(Architecture architecture)
    {
        using FamilyModel tiny = new(architecture, TinyModel.CrossEncoderOf(architecture));
        tiny.Write("texts.txt", string.Join('\n', Texts));
        tiny.Write("queries.txt", "今天天气\n我们去公园\n");
        string[] rerank = ["rerank", "{queries.txt}", "{texts.txt}", "-o"];
        tiny.Done([.. rerank, "{whole.jsonl}"]);
        foreach (string shard in (string[])["0/2", "1/2"])
            tiny.Done([.. rerank, "{parts}", "--shard", shard]);
        GauRun.Of("merge", tiny.Path("parts"), "-o", tiny.Path("merged.jsonl")).Code.Should().Be(0);
        File.ReadAllBytes(tiny.Path("merged.jsonl")).Should().Equal(File.ReadAllBytes(tiny.Path("whole.jsonl")));
        foreach (bool raw in (bool[])[false, true])
        {
            GauReranker reranker = new(tiny.Model, rawLogits: raw);
            GauRun run = tiny.Done(["rerank", "{queries.txt}", "{texts.txt}", .. raw ? (string[])["--raw"] : []]);
            run.Lines.Select(line => string.Join(' ', JsonDocument.Parse(line).RootElement.GetProperty("results")
                    .EnumerateArray().Select(r => $"{r.GetProperty("id")} {Bits([r.GetProperty("score").GetSingle()])}")))
                .Should().Equal(((string[])["今天天气", "我们去公园"]).Select(query => string.Join(' ',
                    reranker.Rerank(query, Texts, cancel: Cancel).Select(r => $"{r.Index} {Bits([r.Score])}"))));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.Heads), MemberType = typeof(Architectures))]
    public void Score_AnyThreadsAndBatches_GivesTheSameBytes(Architecture architecture, HeadKind kind)
    {
        using FamilyModel tiny = new(architecture, kind);
        string expected = tiny.Done([tiny.Command, "{in.jsonl}", "--threads", "1", .. tiny.Fields]).Output;
        expected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(tiny.Records.Length);
        foreach ((string threads, string tokens) in ((string, string)[])[("1", "1"), ("3", "40"), ("2", "4000")])
            tiny.Done([tiny.Command, "{in.jsonl}", "--threads", threads, "--batch-tokens", tokens, .. tiny.Fields])
                .Output.Should().Be(expected);
    }

    [Theory]
    [MemberData(nameof(Architectures.Heads), MemberType = typeof(Architectures))]
    public void Job_ResumedOrInShards_GivesTheBytesOfOneRun(Architecture architecture, HeadKind kind)
    {
        using FamilyModel tiny = new(architecture, kind);
        string[] job = [tiny.Command, "{in.jsonl}", .. tiny.Fields, "--checkpoint-seconds", "0", "--batch-tokens", "40", "-o"];
        tiny.Done([.. job, "{whole.jsonl}"]);
        byte[] whole = File.ReadAllBytes(tiny.Path("whole.jsonl"));
        tiny.Run([.. job, "{resumed.jsonl}", "--max-rejects", "0"]).Code.Should().Be(3);
        File.Exists(tiny.Path("resumed.jsonl")).Should().BeFalse();
        tiny.Done([.. job, "{resumed.jsonl}", "--resume"]);
        File.ReadAllBytes(tiny.Path("resumed.jsonl")).Should().Equal(whole);
        foreach (string shard in (string[])["2/3", "0/3", "1/3"])
            tiny.Done([.. job, "{parts}", "--shard", shard]);
        GauRun.Of("merge", tiny.Path("parts"), "-o", tiny.Path("merged.jsonl")).Code.Should().Be(0);
        File.ReadAllBytes(tiny.Path("merged.jsonl")).Should().Equal(whole);
    }
}
