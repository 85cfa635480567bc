using GauRuntime.Train.Pretraining;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class TrainingCurveTests
{
    internal static readonly CurvePoint[] Points =
    [
        new(10, 1, 12_345, 1.76e-3, 8.0 / 3, 0.125, 2.75, 0.1, 1.5),
        new(20, 2, 24_690, 1e-4, 1.0 / 7, 0.5, null, null, 3),
    ];

    [Fact]
    public void ToCsv_Points_AreLinesUnderNames() => TrainingCurve.ToCsv(Points).Should().Be(
        """
        update,epoch,tokens,rate,loss,accuracy,held_out_loss,held_out_accuracy,seconds
        10,1,12345,0.00176,2.6666666666666665,0.125,2.75,0.1,1.500
        20,2,24690,0.0001,0.14285714285714285,0.5,,,3.000

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void Parse_WhatWasWritten_IsTheSame() =>
        TrainingCurve.Parse("f", TrainingCurve.ToCsv(Points)).Should().Equal(Points);

    [Theory]
    [InlineData("")]
    [InlineData("update,loss\n1,2\n")]
    [InlineData("HEADER\n1,2,3\n")]
    [InlineData("HEADER\n1,1,1,1,1,1,,,x\n")]
    [InlineData("HEADER\n1,1,1,1,NaN,1,,,1\n")]
    [InlineData("HEADER\n1,1,1,1,1,1,1,,1\n")]
    [InlineData("HEADER\n-1,1,1,1,1,1,,,1\n")]
    public void Parse_SomethingElse_IsRefused(string csv)
    {
        string header = TrainingCurve.ToCsv([]).TrimEnd();
        Action parse = () => TrainingCurve.Parse("state", csv.Replace("HEADER", header, StringComparison.Ordinal));
        parse.Should().Throw<GauFormatException>().WithMessage("state: training curve*");
    }

    [Fact]
    public void Page_Points_ShowsThemAndThePlan()
    {
        string page = CurvePage.Of("<my> model", Points, PlanJson.Facts(Plans.Tiny));
        page.Should().Contain("&lt;my&gt; model").And.NotContain("<my>");
        page.Should().Contain("update 10: 2.667").And.Contain("update 10: 2.75").And.Contain("8000 updates");
        page.Should().Contain("loss while training", "the last point has no held-out loss");
        PageMarkup.ClassesWithoutRule(page).Should().BeEmpty();
    }

    [Fact]
    public void Page_NoPoint_SaysSo() =>
        CurvePage.Of("m", [], PlanJson.Facts(Plans.Tiny)).Should().Contain("No point of the curve is reached yet");
}
