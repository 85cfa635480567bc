using GauRuntime.Tools;
using GauRuntime.Train.Optimizers;

namespace GauRuntime.Train.Tests.Optimizers;

public sealed class NamePatternsTests
{
    private static readonly string[] Names = ["embeddings.word", "layers.0.ffn.output", "layers.0.ffn.output.bias"];

    [Fact]
    public void Others_NoPattern_IsAll() => NamePatterns.Others("--no-decay", [], Names).Should().Equal(true, true, true);

    [Fact]
    public void Others_Patterns_LeaveOutWhatTheyAreFoundIn() =>
        NamePatterns.Others("--no-decay", [@"\.bias$", "^embeddings"], Names).Should().Equal(false, true, false);

    [Theory]
    [InlineData("norm")]       // found nowhere
    [InlineData("(")]          // malformed
    [InlineData(@"(a)\1")]     // could take for ever
    public void Others_PatternWithoutEffect_IsRefused(string pattern)
    {
        Action pick = () => NamePatterns.Others("--no-adapt", [pattern], Names);
        pick.Should().Throw<ToolException>().Where(fault => fault.Code == ExitCode.Usage)
            .WithMessage($"--no-adapt: '{pattern}'*");
    }
}
