using FluentAssertions;
using GauRuntime.Fitting;
using Xunit;

namespace GauRuntime.Tests.Fitting;

/// <summary>Temperatures that can be worked out by hand: where logits are the same everywhere, p is the share that is right.</summary>
public sealed class TemperatureFitTests
{
    [Theory]
    [InlineData(60, 1f)]
    [InlineData(60, 3f)]
    [InlineData(50, 2f)]
    [InlineData(90, 0.5f)]
    public void Of_OneLogitOfThree_GivesItTheShareThatIsRight(int right, float logit)
    {
        LabelledLogits[] examples =
            [.. Enumerable.Range(0, 100).Select(i => new LabelledLogits([0, logit, 0], [i < right ? 1 : i % 2 * 2]))];
        float temperature = TemperatureFit.Of(examples, several: false, out string? fault);
        fault.Should().BeNull();
        // e^(z/T) / (e^(z/T) + 2) = q, so z/T = ln(2q / (1 − q)).
        double q = right / 100.0;
        temperature.Should().BeApproximately((float)(logit / Math.Log(2 * q / (1 - q))), 1e-6f);
    }

    [Theory]
    [InlineData(75, 2f)]
    [InlineData(20, -0.5f)]
    public void Of_OneSigmoid_GivesItTheShareThatIsRight(int right, float logit)
    {
        LabelledLogits[] examples = [.. Enumerable.Range(0, 100).Select(i => new LabelledLogits([logit], i < right ? [0] : []))];
        float temperature = TemperatureFit.Of(examples, several: true, out string? fault);
        fault.Should().BeNull();
        double q = right / 100.0;
        temperature.Should().BeApproximately((float)(logit / Math.Log(q / (1 - q))), 1e-6f);
    }

    [Fact]
    public void Of_HugeLogits_DoesNotOverflow()
    {
        LabelledLogits[] examples =
            [.. Enumerable.Range(0, 10).Select(i => new LabelledLogits([3e38f, -3e38f], [i < 6 ? 0 : 1]))];
        TemperatureFit.Of(examples, several: false, out string? fault);
        fault.Should().StartWith("the answers are no better than chance", "no temperature up to 20 makes 60 % of it");
    }

    [Theory]
    [InlineData(100, "nearly all answers are right")]
    [InlineData(0, "the answers are no better than chance")]
    public void Of_AllRightOrWrong_IsAFault(int right, string reason)
    {
        LabelledLogits[] examples =
            [.. Enumerable.Range(0, 100).Select(i => new LabelledLogits([0, 1], [i < right ? 1 : 0]))];
        TemperatureFit.Of(examples, several: false, out string? fault);
        fault.Should().StartWith(reason);
    }
}
