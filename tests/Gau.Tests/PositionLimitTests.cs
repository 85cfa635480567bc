using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Texts longer than the positions that a model has learned, or than it says itself.</summary>
public sealed class PositionLimitTests : IDisposable
{
    private const int Positions = 20;

    private static readonly string Long = string.Concat(Enumerable.Repeat("今天天气很好", 20));

    private readonly TemporaryFolder folder = new();
    private readonly string input;

    public PositionLimitTests() => input = folder.Write("in.jsonl", $"{{\"text\":\"{Long}\"}}\n{{\"text\":\"今天\"}}\n");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("score")]
    [InlineData("embed")]
    public void Run_TextLongerThanThePositions_IsCutAndFlagged(string command)
    {
        GauRun run = GauRun.Of(command, input, "--model", Model());
        run.Code.Should().Be(0, run.Error);
        JsonElement row = JsonDocument.Parse(run.Lines[0]).RootElement;
        (row.GetProperty("tokens").GetInt32(), row.GetProperty("truncated").GetBoolean()).Should().Be((Positions, true));
        run.Error.Should().Contain("1 truncated");
    }

    [Theory]
    [InlineData("score", "{in}")]
    [InlineData("embed", "{in}")]
    [InlineData("eval", "{in}", "--labels", "label")]
    [InlineData("rerank", "{in}", "{in}")]
    [InlineData("explain", "今天", "--json")]
    public void MaxLength_BeyondThePositions_IsRefused(params string[] arguments)
    {
        string[] words = [.. arguments.Select(word => word.Replace("{in}", input, StringComparison.Ordinal))];
        HeadConfig head = arguments[0] == "rerank" ? TinyModel.CrossEncoder : TinyModel.Sequence;
        GauRun run = GauRun.Of([.. words, "--model", Model(head), "--max-length", $"{Positions + 1}"]);
        run.Code.Should().Be(2);
        run.Error.Should().Contain("--max-length 21: the model has learned 20 positions, and no text has more tokens");
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("drop")]
    public void Explain_TextLongerThanThePositions_IsCut(string occlusion)
    {
        GauRun run = GauRun.Of("explain", Long, "--json", "--occlusion", occlusion, "--model", Model());
        run.Code.Should().Be(0, run.Error);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("tokens").GetArrayLength().Should().Be(Positions);
    }

    [Theory]
    [InlineData(Positions)]
    [InlineData(null)]   // positions without an end
    public void Limit_OfTheModel_HoldsUnlessMaxLengthSaysOtherwise(int? positions)
    {
        string model = Model(TinyModel.Sequence with { MaxTokens = 12 }, positions);
        Tokens("score", input, "--model", model).Should().Be(12);
        Tokens("embed", input, "--model", model).Should().Be(12);
        Tokens("score", input, "--model", model, "--max-length", "16").Should().Be(16);
        JsonDocument.Parse(GauRun.Of("explain", Long, "--json", "--model", model).Output).RootElement
            .GetProperty("tokens").GetArrayLength().Should().Be(12);
        GauRun.Of("inspect", model).Output.Should().Contain("texts cut to 12 tokens, unless --max-length says");
    }

    [Fact]
    public void Inspect_EncoderWithoutAMaskedLm_HasNoHead()
    {
        GauRun run = GauRun.Of("inspect", Model(TinyModel.NoHead));
        run.Output.Should().Contain("no masked LM").And.Contain("none, the model makes vectors").And.NotContain("masked_lm");
    }

    private static int Tokens(params string[] arguments)
    {
        GauRun run = GauRun.Of(arguments);
        run.Code.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Lines[0]).RootElement.GetProperty("tokens").GetInt32();
    }

    private string Model(HeadConfig? head = null, int? positions = Positions)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        TinyModel.Write(path, head ?? TinyModel.Sequence, positions: positions);
        return path;
    }
}
