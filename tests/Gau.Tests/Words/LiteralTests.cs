using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Words;

/// <summary>One text at the prompt.</summary>
public sealed class LiteralTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public LiteralTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.txt", "今天\n天\n");
        folder.Write("masks.txt", "今[MASK]\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("score")]
    [InlineData("embed")]
    public void Literal_Texts_GiveTheRowsOfAFileOfThem(string command)
    {
        GauRun literal = Run(command, "--literal", "今天", "--literal", "天");
        literal.Code.Should().Be(0, literal.Error);
        literal.Output.Should().Be(Run(command, "{in.txt}").Output);
    }

    [Fact]
    public void Literal_BesideInputs_ComesBehindThem()
    {
        GauRun run = Run("score", "--literal", "气", "{in.txt}");
        run.Lines.Should().HaveCount(3);
        run.Lines[..2].Should().Equal(Run("score", "{in.txt}").Lines);
    }

    [Fact]
    public void Literal_OfFill_IsATextWhateverFileHasItsName()
    {
        Run("fill", "--literal", "今[MASK]").Lines.Should().Equal(Run("fill", "{masks.txt}").Lines);
        Run("fill", "今[MASK]", "--literal", "[MASK]").Lines.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("--literal=--json")]
    [InlineData("--literal", "")]
    [InlineData("--literal", "-5°")]
    [InlineData("--literal", "一\n二")]
    public void Literal_AnyText_IsOneRecord(params string[] words)
    {
        GauRun run = Run(["score", .. words]);
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().ContainSingle();
    }

    [Theory]
    [InlineData("score", "--literal", "今", "--format", "csv")]
    [InlineData("score", "--literal", "今", "--text", "body")]
    [InlineData("score", "--literal", "今", "--quotes", "rfc")]
    [InlineData("score", "--literal", "今", "--pair", "other")]
    [InlineData("score", "--literal")]
    [InlineData("eval", "--literal", "今", "--labels", "x")]
    public void Literal_WithWhatHasNoEffect_IsAUsageError(params string[] words) => Run(words).Code.Should().Be(2);

    [Theory]
    [InlineData("今天天气", "今天天气: no such file; is it a text? --literal '今天天气'")]
    [InlineData("天气好吗?", "天气好吗?: no file matches; is it a text? --literal '天气好吗?'")]
    [InlineData("in.jsonl", "in.jsonl: no such file")]
    [InlineData("data/in", "data/in: no such file")]
    public void Argument_ThatIsNoFile_Is66AndMayBeMeantAsAText(string argument, string message)
    {
        foreach (string command in (string[])["score", "embed"])
        {
            GauRun run = Run(command, argument);
            run.Code.Should().Be(66);
            run.Error.Should().Be($"error: {message}\n");
        }
        Run("eval", argument, "--labels", "x").Error.Should().NotContain("--literal");
    }

    [Fact]
    public void Literal_Resumed_IsTheSameJob()
    {
        Run("score", "--literal", "今天", "-o", "{out.jsonl}").Code.Should().Be(0);
        Run("score", "--literal", "今天", "-o", "{out.jsonl}", "--resume").Error.Should().Contain("was complete");
    }

    private GauRun Run(params string[] args) => GauRun.Of(folder.Named(args), "", environment);
}
