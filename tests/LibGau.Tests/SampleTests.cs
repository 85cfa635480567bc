using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;
using static GauRuntime.LibGau.Tests.NativeRun;

namespace GauRuntime.LibGau.Tests;

/// <summary>samples/c/gau-lines.c, compiled and run: the bits of gau.</summary>
[Collection(nameof(NativeCollection))]
public sealed class SampleTests(PublishedLibrary library) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_Lines_GivesTheBitsOfGau()
    {
        string sample = Compile();
        IEnumerable<string> texts = File.ReadLines(Path.Combine(Fixtures.Root, "samples", "legal.jsonl")).Take(16)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!);
        string input = folder.Write(
            "in.txt", string.Join('\n', [.. texts, "", "  ", new string('法', 5000), "[MASK] 𠀀 e\u0301 \ufffd"]) + "\n");
        Compare(Lines($"{sample} score < '{input}'"), Gau($"score '{input}'"));
    }

    [Theory]
    [InlineData(ProblemType.SingleLabel)]
    [InlineData(ProblemType.MultiLabel)]
    public void Score_Pairs_GivesTheBitsOfGau(ProblemType problem)
    {
        string sample = Compile();
        string model = folder.Path("model.safetensors");
        TinyModel.Write(
            model, TinyModel.Sequence with { ProblemType = problem, Segments = SegmentPolicy.Pairs },
            dialect: Dialect.Keras);
        string input = folder.Write("in.tsv", "今天天气\t很好\n天\t\n\t天气\n今天\t今天\n");
        string records = folder.Write("records.tsv", "text\tpair\n" + File.ReadAllText(input));
        Compare(
            Lines($"{sample} score '{model}' < '{input}'"),
            Gau($"score --pair pair --model '{model}' '{records}'"));
    }

    [Fact]
    public void Score_Regression_GivesTheBitsOfGau()
    {
        string sample = Compile();
        string model = folder.Path("model.safetensors");
        TinyModel.Write(model, TinyModel.Sequence with { ProblemType = ProblemType.Regression, Labels = ["grade"] });
        string input = folder.Write("in.txt", "今天天气很好\n");
        string found = Lines($"{sample} score '{model}' < '{input}'").Single().Split('\t')[0].Split('=')[1];
        Bits(found).Should().Be(
            Bits(Gau($"score --model '{model}' '{input}'").Single().GetProperty("value")));
    }

    [Fact]
    public void Embed_Lines_GivesTheBitsOfGau()
    {
        string sample = Compile();
        string input = folder.Write("in.txt", "第一条　为了规范网络数据处理活动，制定本条例。\n本法自2024年起施行\n");
        string[] found = Lines($"{sample} embed < '{input}'");
        JsonElement[] expected = Gau($"embed --normalize '{input}'");
        found.Should().HaveCount(2);
        for (int i = 0; i < found.Length; i++)
            found[i].Split('\t').Select(Bits).Should().Equal(
                expected[i].GetProperty("embedding").EnumerateArray().Select(Bits));
    }

    [Fact]
    public void Fill_Masks_GivesTheTokensAndBitsOfGau()
    {
        string sample = Compile();
        string input = Path.Combine(Fixtures.Root, "samples", "masks.txt");
        string[] found = Lines($"{sample} fill < '{input}'");
        List<string> expected = [];
        foreach (JsonElement mask in Gau($"fill '{input}'")
            .SelectMany(record => record.GetProperty("masks").EnumerateArray()))
        {
            string place = $"{mask.GetProperty("position")}\t{mask.GetProperty("offset")}";
            foreach (JsonElement token in mask.GetProperty("tokens").EnumerateArray())
                expected.Add($"{place}\t{token.GetProperty("token")}\t{Bits(token.GetProperty("probability"))}");
        }
        expected.Should().HaveCountGreaterThan(50);
        found.Select(line => line.Split('\t'))
            .Select(cells => $"{cells[0]}\t{cells[1]}\t{cells[2]}\t{Bits(cells[3])}").Should().Equal(expected);
    }

    [Fact]
    public void Entities_Lines_GivesTheBitsOfGau()
    {
        string input = folder.Write("in.txt", "今天天气很好\n😀明天下雨\n\n");
        string model = Tiny(HeadKind.TokenClassification, "O", "B-x", "I-x", "p");
        string[] expected = [.. Gau($"score --model '{model}' '{input}'")
            .SelectMany(row => row.GetProperty("entities").EnumerateArray())
            .Select(e => $"{e.GetProperty("label")}\t0\t{e.GetProperty("start")}\t{e.GetProperty("end")}\t"
                + Bits(e.GetProperty("score")))];
        expected.Should().NotBeEmpty();
        Lines($"{Compile()} entities '{model}' < '{input}'").Select(line => line.Split('\t'))
            .Select(cells => string.Join('\t', cells[..^1]) + "\t" + Bits(cells[^1])).Should().Equal(expected);
    }

    [Fact]
    public void Choose_Lines_GivesTheBitsOfGau()
    {
        string[] many = [.. Enumerable.Range(0, 100).Select(i => new string('天', i % 7))];
        string input = folder.Write("in.tsv", $"今天\t天气\t很好\t\n😀\t明天\n天气\t{string.Join('\t', many)}\n");
        string records = folder.Write(
            "in.jsonl",
            $$"""
            {"text":"今天","choices":["天气","很好",""]}
            {"text":"😀","choices":["明天"]}
            {"text":"天气","choices":{{JsonSerializer.Serialize(many)}}}

            """);
        IEnumerable<string> expected = Gau($"score --model '{Tiny(HeadKind.MultipleChoice)}' '{records}'")
            .Select(row => string.Join(' ', row.GetProperty("probabilities").EnumerateArray().Select(Bits)));
        Lines($"{Compile()} choose '{folder.Path("head.safetensors")}' < '{input}'")
            .Select(line => string.Join(' ', line.Split('\t').Select(Bits))).Should().Equal(expected);
    }

    [Fact]
    public void Answer_Lines_GivesTheBitsOfGau()
    {
        string input = folder.Write("in.tsv", "今天\t😀明天下雨了\n天气\t\n");
        string records = folder.Write("records.tsv", "question\tcontext\n" + File.ReadAllText(input));
        string model = Tiny(HeadKind.QuestionAnswering);
        IEnumerable<string> expected = Gau($"score --model '{model}' '{records}'").Select(row =>
            row.GetProperty("answer").ValueKind == JsonValueKind.Null
                ? "none"
                : $"{row.GetProperty("start")} {row.GetProperty("end")} {Bits(row.GetProperty("score"))}");
        Lines($"{Compile()} answer '{model}' < '{input}'").Select(line => line.Split('\t'))
            .Select(c => c.Length == 1 ? c[0] : $"{c[0]} {c[1]} {Bits(c[2])}").Should().Equal(expected);
    }

    [Theory]
    [InlineData("score no-such-file", "", 66, "no-such-file: no-such-file: no such file (66)\n")]
    [InlineData("score", "GAU_ISA=none", 69, "model: GAU_ISA=none: no such tier; known are ")]
    [InlineData("sing", "", 2, "usage: ")]
    public void Start_WhatCannotBe_SaysWhyInOneLine(string arguments, string environment, int code, string error)
    {
        (int found, _, string message) = ChildProcess.Shell($"{environment} '{Compile()}' {arguments} </dev/null");
        found.Should().Be(code, message);
        message.Should().StartWith(error);
        message.TrimEnd().Should().NotContain("\n");
    }

    [Fact]
    public void Start_OnAProcessorWithoutAvx2_SaysSoBeforeTheLibraryEndsTheProcess()
    {
        string sample = Compile();
        PublishedLibrary.RequireProgram("qemu-x86_64-static", "qemu-user-static");
        (int code, _, string error) = ChildProcess.Shell($"qemu-x86_64-static -cpu Nehalem '{sample}' score </dev/null");
        code.Should().Be(69, error);
        error.Should().Be("this processor lacks AVX2\n");
    }

    [Fact]
    public void Score_OnArm64_GivesTheBitsOfX64()
    {
        string sample = library.CompileForArm64("samples", "c", "gau-lines.c");
        PublishedLibrary.RequireProgram("qemu-aarch64-static", "qemu-user-static");
        string input = folder.Write("in.txt", "人民法院审理共享菜园租赁合同纠纷案件\n第一条　为了规范网络数据处理活动，制定本条例。\n");
        string[] expected = Lines($"{Compile()} score < '{input}'");
        expected.Should().HaveCount(2);
        Lines($"qemu-aarch64-static -L /usr/aarch64-linux-gnu '{sample}' score < '{input}'").Should().Equal(expected);
    }

    private static void Compare(string[] found, JsonElement[] expected)
    {
        found.Should().HaveSameCount(expected);
        for (int i = 0; i < found.Length; i++)
        {
            string[] cells = found[i].Split('\t');
            JsonProperty[] probabilities = [.. expected[i].GetProperty("probabilities").EnumerateObject()];
            cells[..^3].Select(cell => cell.Split('=')[0]).Should().Equal(probabilities.Select(p => p.Name));
            cells[..^3].Select(cell => Bits(cell.Split('=')[1])).Should().Equal(
                probabilities.Select(p => Bits(p.Value)));
            bool isEmpty = expected[i].TryGetProperty("empty", out JsonElement empty) && empty.GetBoolean();
            cells[^3..].Should().Equal(
                $"tokens={expected[i].GetProperty("tokens")}",
                $"truncated={(expected[i].GetProperty("truncated").GetBoolean() ? 1 : 0)}",
                $"empty={(isEmpty ? 1 : 0)}");
        }
    }

    private string Tiny(HeadKind kind, params string[] labels)
    {
        string path = folder.Path("head.safetensors");
        TinyModel.Write(path, TinyModel.Sequence with { Kind = kind, Labels = labels });
        return path;
    }

    private string Compile() => library.Compile("samples", "c", "gau-lines.c");
}
