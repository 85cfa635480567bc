using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

public sealed class TokenizeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public TokenizeTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tokenize_GoldenTexts_GiveTheReferencesIds()
    {
        // hf_ids of tests/fixtures/tokenizer/cases.json, for the same vocabulary.
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("tokenizer", "cases.json")));
        JsonElement[] cases = [.. golden.RootElement.GetProperty("texts").EnumerateArray()];
        string input = string.Concat(cases.Select(c => $"{{\"text\":{c.GetProperty("text").GetRawText()}}}\n"));
        GauRun run = GauRun.Of(["tokenize", "--input", "-", "--parse-special"], input, environment);
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(cases.Length);
        for (int i = 0; i < cases.Length; i++)
        {
            using JsonDocument row = JsonDocument.Parse(run.Lines[i]);
            row.RootElement.GetProperty("ids").GetRawText().Should().Be(
                JsonSerializer.Serialize(cases[i].GetProperty("hf_ids")), cases[i].GetProperty("text").GetString());
        }
    }

    [Fact]
    public void Tokenize_Arguments_GiveTheShapeOfTheContract()
    {
        GauRun run = GauRun.Of(["tokenize", "😀今[MASK]", "--parse-special"], "", environment);
        run.Output.Should().Be("{\"ids\":[2,1,5,4,3],\"tokens\":[\"[CLS]\",\"[UNK]\",\"今\",\"[MASK]\",\"[SEP]\"],\"offsets\":[null,[0,1],[1,2],[2,8],null],\"truncated\":false}\n");
        GauRun.Of(["tokenize", "[MASK]"], "", environment).Lines.Single().Should().NotContain("[2,4,3]");
    }

    [Theory]
    [InlineData("今 --format csv", "--format: a text out of the command line has no format")]
    [InlineData("今 --text body", "--text: these inputs have no fields to be named")]
    [InlineData("--input - --format txt --id name", "--id: these inputs have no fields to be named")]
    [InlineData("--input - --pair text", "--pair: 'text' is the field of the first text")]
    [InlineData("--input - --text body --pair body", "--pair: 'body' is the field of the first text")]
    public void Tokenize_OptionWithoutEffectOrOneFieldForBothTexts_IsRefused(string options, string error)
    {
        GauRun run = GauRun.Of(["tokenize", .. options.Split(' ')], "", environment);
        run.Code.Should().Be(2, run.Error);
        run.Error.Should().Be($"error: {error}\n");
    }

    [Fact]
    public void Tokenize_PairsIdsRejectsAndTruncation_AreShown()
    {
        string path = folder.Write("in.jsonl", "{\"id\":\"p\",\"a\":\"今今今今今今\",\"b\":\"天天\"}\n{\"id\":2}\n");
        GauRun run = GauRun.Of(
            ["tokenize", "--input", path, "--text", "a", "--pair", "b", "--max-length", "8"], "", environment);
        run.Lines[0].Should().Be(
            "{\"id\":\"p\",\"ids\":[2,5,5,5,3,6,6,3],\"tokens\":[\"[CLS]\",\"今\",\"今\",\"今\",\"[SEP]\",\"天\",\"天\",\"[SEP]\"],"
            + "\"offsets\":[null,[0,1],[1,2],[2,3],null,[0,1],[1,2],null],\"segments\":[0,0,0,0,0,0,0,0],\"truncated\":true}");
        run.Lines[1].Should().Be("{\"id\":2,\"error\":\"no field 'a'\"}");
    }
}
