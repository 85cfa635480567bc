using System.Text.Json;
using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Metrics;

public sealed class CalibrationFitTests
{
    private static readonly HeadConfig Several = TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel };

    [Fact]
    public void Of_ScoresThatAreTooSure_TakesTheErrorAway()
    {
        // 80 % are right where e³ / (e³ + 2) = 90.9 % were said.
        CalibrationFit fit = Fit(TinyModel.Sequence, 100, i => ([0, 3, 0], i % 5 == 0 ? "0" : "1"));
        fit.Calibration.Temperature.Should().BeApproximately((float)(3 / Math.Log(8)), 1e-6f);
        fit.Calibration.ErrorBefore.Should().BeApproximately(Math.Exp(3) / (Math.Exp(3) + 2) - 0.8, 1e-6);
        fit.Calibration.ErrorAfter.Should().BeApproximately(0, 1e-6);
        fit.Calibration.Records.Should().Be(100);
        fit.Calibration.Thresholds.Should().BeNull();
        fit.Calibration.Data.Should().Equal("dev.jsonl");
        (TinyModel.Sequence with { Calibration = fit.Calibration }).Fault().Should().BeNull();
        fit.Before.Bins.Single(bin => bin.Count > 0).Accuracy.Should().Be(0.8);
    }

    [Fact]
    public void Of_SeveralLabels_GivesEachAThreshold()
    {
        // a: rises with the logit. b: of one record alone. c: of half of them, whatever the logit.
        CalibrationFit fit = Fit(
            Several, 100, i => (
                [i / 10f - 5, -4, i % 2 - 0.5f],
                JsonSerializer.Serialize((string[])[.. i > 70 || i % 9 == 0 ? ["a"] : (string[])[], .. i == 0 ? ["b"] : (string[])[],
                    .. i % 4 > 1 ? ["c"] : (string[])[]])),
            precision: 0.95);
        HeadCalibration made = fit.Calibration;
        (made.Metric, made.Precision).Should().Be((ThresholdMetric.Precision, 0.95));
        made.Thresholds!.Should().HaveCount(3);
        made.Thresholds[0].Should().BeInRange(0.5f, 1);
        made.Thresholds[1].Should().Be(0.5f, "one record has it");
        made.Thresholds[2].Should().BeNull("no score of it has that precision");
        fit.Rare.Should().Equal("b");
        fit.Never.Should().Equal("c");
        (Several with { Calibration = made }).Fault().Should().BeNull();
        Fit(Several, 100, i => ([i / 10f - 5, 0, 0], i > 70 ? "[\"a\"]" : i % 9 == 0 ? "[\"a\",\"b\",\"c\"]" : "[]"))
            .Calibration.Metric.Should().Be(ThresholdMetric.F1);
    }

    [Fact]
    public void Of_MultipleChoice_FitsToRecordsOfAnyNumberOfChoices()
    {
        HeadConfig choice = TinyModel.NoHead with { Kind = HeadKind.MultipleChoice };
        LogitCollection records = new(choice);
        for (int i = 0; i < 80; i++)
            Add(records, choice, i % 2 == 0 ? [2, 0] : [2, 0, 0], i % 8 == 0 ? "1" : i % 8 == 1 ? "2" : "0");
        records.Examples.Should().HaveCount(80);
        CalibrationFit fit = CalibrationFit.Of(choice, records.Examples, null, ["x"], "", out _)!;
        fit.Calibration.Temperature.Should().BePositive();
        (choice with { Calibration = fit.Calibration }).Fault().Should().BeNull();
    }

    [Theory]
    [InlineData(49, "49 records with a label are too few: a calibration needs 50")]
    [InlineData(0, "0 records with a label are too few: a calibration needs 50")]
    public void Of_TooFewRecords_IsRefused(int records, string message) =>
        Fault(records, i => ([0, 1, 0], i % 3 == 0 ? "0" : "1")).Should().Be(message);

    [Fact]
    public void Of_AnswersThatAreAllRight_IsRefused() =>
        Fault(60, _ => ([0, 1, 0], "1")).Should().StartWith("nearly all answers are right");

    [Fact]
    public void Add_MoreThanItsRoom_KeepsASampleThatIsTheSameEveryTime()
    {
        LabelledLogits[] Sample()
        {
            LogitCollection records = new(TinyModel.Sequence, mostValues: 30);
            for (int i = 0; i < 1000; i++)
                Add(records, TinyModel.Sequence, [i, 0, 0], "0");
            return [.. records.Examples];
        }

        float[] kept = [.. Sample().Select(example => example.Logits[0])];
        kept.Should().HaveCount(10).And.OnlyHaveUniqueItems().And.Contain(logit => logit > 100);
        Sample().Select(example => example.Logits[0]).Should().Equal(kept);
    }

    [Fact]
    public void Evaluation_OfACalibratedHead_CountsBothScores()
    {
        HeadConfig head = TinyModel.Sequence with
        {
            Calibration = new HeadCalibration
            {
                Temperature = 2, Data = ["x"], DataHash = "", Records = 50, ErrorBefore = 0, ErrorAfter = 0,
            },
        };
        HeadEvaluation judge = HeadEvaluation.Of(head);
        CalibratedAnswers answers = new(head);
        answers.Read([0, 2, 0], new TextInfo(5, false, false));
        using JsonDocument label = JsonDocument.Parse("\"b\"");
        judge.Add(Record, answers.After, label.RootElement, answers.Before).Should().Be(0);
        double after = Math.E / (Math.E + 2), before = Math.Exp(2) / (Math.Exp(2) + 2);
        judge.Measures.Single(m => m.Name == "calibration_error").Value.Should().BeApproximately(1 - after, 1e-6);
        judge.Measures.Single(m => m.Name == "calibration_error_before").Value.Should().BeApproximately(1 - before, 1e-6);
        answers.After.Text.Tokens.Should().Be(5);
        HeadEvaluation.Of(TinyModel.Sequence).Measures.Select(m => m.Name).Should().NotContain("calibration_error_before");
    }

    private static TextRecord Record { get; } =
        new() { Number = 0, Id = RecordId.OfNumber(0), Place = default, Text = "今天" };

    private static CalibrationFit Fit(
        HeadConfig head, int count, Func<int, (float[] Logits, string Label)> record, double? precision = null) =>
        Fit(head, count, record, precision, out _)!;

    private static string? Fault(int count, Func<int, (float[] Logits, string Label)> record)
    {
        Fit(TinyModel.Sequence, count, record, null, out string? fault).Should().BeNull();
        return fault;
    }

    private static CalibrationFit? Fit(
        HeadConfig head, int count, Func<int, (float[] Logits, string Label)> record, double? precision, out string? fault)
    {
        LogitCollection records = new(head);
        for (int i = 0; i < count; i++)
            Add(records, head, record(i).Logits, record(i).Label);
        return CalibrationFit.Of(head, records.Examples, precision, ["dev.jsonl"], "0f", out fault);
    }

    private static void Add(LogitCollection records, HeadConfig head, float[] logits, string label)
    {
        NumbersAnswer answer = head.Kind == HeadKind.MultipleChoice ? new ChoiceAnswer() : new LabelAnswer();
        logits.CopyTo(answer.Reset(logits.Length));
        using JsonDocument truth = JsonDocument.Parse(label);
        records.Fault(truth.RootElement).Should().BeNull();
        records.Add(Record, answer, truth.RootElement);
    }
}
