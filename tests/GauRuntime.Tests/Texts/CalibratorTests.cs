using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>Calibrations fitted in C#, with models whose logits are always the same: a score is the share that is right.</summary>
public sealed class CalibratorTests : IDisposable
{
    private static readonly HeadConfig Several = TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel };
    private static readonly HeadConfig Choice = TinyModel.NoHead with { Kind = HeadKind.MultipleChoice };

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fit_OneLabel_GivesTheTemperatureThatMakesScoresTheShareThatIsRight()
    {
        using GauModel model = Load(TinyModel.Sequence, [0, 1, 0]);
        GauCalibrator calibrator = new(model);
        LabelledText[] texts = Texts(100, i => i < 60 ? ["b"] : ["c"]);
        HeadCalibration made = calibrator.Fit(texts, "dev", cancel: Cancel);
        // e^(1/T) / (e^(1/T) + 2) = 0.6, so T = 1 / ln 3; before, e / (e + 2).
        made.Temperature.Should().BeApproximately((float)(1 / Math.Log(3)), 1e-6f);
        made.ErrorBefore.Should().BeApproximately(0.6 - Math.E / (Math.E + 2), 1e-6);
        made.ErrorAfter.Should().BeApproximately(0, 1e-6);
        (made.Records, made.Data.Single()).Should().Be((100L, "dev"));
        made.DataHash.Should().HaveLength(32).And.NotBe(
            calibrator.Fit(Texts(100, i => i < 60 ? ["b"] : ["a"]), "dev", cancel: Cancel).DataHash);
    }

    [Fact]
    public void Save_OfAFit_IsAModelThatGivesCalibratedScores()
    {
        string path = folder.Path("c.safetensors");
        using GauModel model = Load(TinyModel.Sequence, [0, 1, 0]);
        GauCalibrator calibrator = new(model);
        HeadCalibration made = calibrator.Fit(Texts(100, i => i < 60 ? ["b"] : ["c"]), "dev", cancel: Cancel);
        File.WriteAllText(path, "is replaced");
        calibrator.Save(made, path);
        using GauModel calibrated = GauModel.Load(path);
        calibrated.Head.Calibration.Should().BeEquivalentTo(made);
        calibrated.File.Hash.Should().Be(model.File.Hash, "weights are the same");
        new GauClassifier(calibrated).Classify("今天").Score.Should().BeApproximately(0.6f, 1e-6f);
        new GauCalibrator(calibrated).Fit(Texts(100, i => i < 60 ? ["b"] : ["c"]), "dev", cancel: Cancel)
            .Should().BeEquivalentTo(made, "a calibration starts from the logits");
    }

    [Fact]
    public void Fit_SeveralLabels_GivesEachAThreshold()
    {
        using GauModel model = Load(Several, [2, 1, -3]);
        // a: 3 of 4. b: 1 of 2. c: of one text.
        HeadCalibration made = new GauCalibrator(model).Fit(
            Texts(100, i => [.. (string[])(i % 4 > 0 ? ["a"] : []), .. (string[])(i % 2 > 0 ? ["b"] : []), .. (string[])(i == 0 ? ["c"] : [])]),
            "dev", precision: 0.7, cancel: Cancel);
        (made.Metric, made.Precision).Should().Be((ThresholdMetric.Precision, 0.7));
        made.Thresholds!.Should().HaveCount(3);
        made.Thresholds[0].Should().BeGreaterThan(0.5f);
        made.Thresholds[1].Should().BeNull("half of those with b have it");
        made.Thresholds[2].Should().Be(0.5f, "one text has it");
    }

    [Fact]
    public void Fit_MultipleChoice_MakesScoresTheShareThatIsRight()
    {
        using GauModel model = Load(Choice, null);
        string[] choices = ["天气", "很好", "学习"];
        ChosenText before = new GauMultipleChoice(model).Choose("今天", choices);
        LabelledChoice[] questions =
            [.. Enumerable.Range(0, 100).Select(i => new LabelledChoice("今天", choices, i < 70 ? before.Choice : (before.Choice + 1 + i % 2) % 3))];
        GauCalibrator calibrator = new(model);
        HeadCalibration made = calibrator.Fit(questions, "dev", cancel: Cancel);
        calibrator.Save(made, folder.Path("c.safetensors"));
        using GauModel calibrated = GauModel.Load(folder.Path("c.safetensors"));
        ChosenText after = new GauMultipleChoice(calibrated).Choose("今天", choices);
        double ratio = Math.Log(after.Probabilities.Span[0] / after.Probabilities.Span[1])
            / Math.Log(before.Probabilities.Span[0] / before.Probabilities.Span[1]);
        (1 / ratio).Should().BeApproximately(made.Temperature, made.Temperature * 1e-3);
        made.ErrorAfter.Should().BeLessThan(made.ErrorBefore);
    }

    [Fact]
    public void Fit_Pairs_ComputesThePair()
    {
        using GauModel model = Load(TinyModel.Sequence, null);
        Classification pair = new GauClassifier(model).Classify("今天", "公园"), alone = new GauClassifier(model).Classify("今天");
        pair.Score.Should().NotBe(alone.Score);
        string[] others = [.. pair.Labels.Where(label => label != pair.Label)];
        LabelledText[] texts = [.. Enumerable.Range(0, 60).Select(
            i => new LabelledText("今天", i < 40 ? pair.Label : others[i % 2]) { Pair = "公园" })];
        HeadCalibration made = new GauCalibrator(model).Fit(texts, "dev", cancel: Cancel);
        made.ErrorBefore.Should().BeApproximately(Math.Abs(40 / 60.0 - pair.Score), 1e-6);
    }

    [Theory]
    [InlineData(49, "b", "49 records with a label are too few: a calibration needs 50")]
    [InlineData(60, "b", "nearly all answers are right")]
    [InlineData(60, "a", "the answers are no better than chance")]
    [InlineData(60, "d", "text 0: the model has no label 'd'")]
    [InlineData(60, "", "text 0 has 0 labels, not one")]
    public void Fit_TextsThatGiveNothing_IsRefused(int count, string label, string message)
    {
        using GauModel model = Load(TinyModel.Sequence, [0, 1, 0]);
        FluentActions.Invoking(() => new GauCalibrator(model).Fit(
                Texts(count, _ => label.Length == 0 ? [] : [label]), "dev", cancel: Cancel))
            .Should().Throw<ArgumentException>().WithMessage($"{message}*").WithParameterName("texts");
    }

    [Fact]
    public void Calibrator_OfOtherHeads_IsRefused()
    {
        using GauModel masked = Load(TinyModel.NoHead, null), choice = Load(Choice, null);
        using GauModel score = Load(TinyModel.CrossEncoder, null), one = Load(TinyModel.Sequence with { Labels = ["x"] }, null);
        foreach (GauModel model in (GauModel[])[masked, score, one])
            FluentActions.Invoking(() => new GauCalibrator(model)).Should().Throw<ArgumentException>()
                .WithMessage("*the model's head gives no probabilities that could be calibrated*");
        FluentActions.Invoking(() => new GauCalibrator(choice).Fit(Texts(60, _ => ["a"]), "dev", cancel: Cancel))
            .Should().Throw<ArgumentException>()
            .WithMessage("the model's head is multiple_choice: these are examples of sequence_classification");
        FluentActions.Invoking(() => new GauCalibrator(choice).Fit([new LabelledChoice(null, ["a", "b"], 2)], "dev", cancel: Cancel))
            .Should().Throw<ArgumentException>().WithMessage("question 0 has 2 choices, none of which is 2*");
    }

    private static LabelledText[] Texts(int count, Func<int, string[]> labels) =>
        [.. Enumerable.Range(0, count).Select(i => new LabelledText(i % 2 == 0 ? "今天" : "天气很好", labels(i)))];

    // Logits are these, whatever the text; null: those of a random head.
    private GauModel Load(HeadConfig head, float[]? logits)
    {
        string path = folder.Path($"{Guid.NewGuid()}.safetensors");
        TinyModel.Write(path, head, (name, weights) =>
        {
            if (logits is not null && name == ModelTensors.HeadOut)
                weights.Clear();
            if (logits is not null && name == ModelTensors.Bias(ModelTensors.HeadOut))
                logits.CopyTo(weights);
        });
        return GauModel.Load(path);
    }
}
