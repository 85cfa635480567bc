using System.Text.Json;
using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Evaluation.Statistics;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Metrics;

/// <summary>Answers and labels whose figures were worked out by hand.</summary>
public sealed class EvaluationTests
{
    private static readonly HeadConfig Head = TinyModel.Sequence with { Labels = ["甲", "乙", "2"] };

    // Wilson's interval as in Brown, Cai and DasGupta, Interval Estimation for a Binomial Proportion; worked out again.
    [Theory]
    [InlineData(8, 10, 0.49016, 0.94332)]
    [InlineData(0, 10, 0, 0.27753)]
    [InlineData(10, 10, 0.72247, 1)]
    [InlineData(500, 1000, 0.46907, 0.53093)]
    public void Wilson_KnownCounts_GivesTheInterval(long part, long whole, double low, double high)
    {
        ConfidenceInterval interval = Measure.Part("share", part, whole).Interval!.Value;
        interval.Low.Should().BeApproximately(low, 1e-5);
        interval.High.Should().BeApproximately(high, 1e-5);
        Measure.Part("share", 0, 0).Interval.Should().BeNull();
    }

    [Fact]
    public void Labels_ByNameAndIndex_GiveTheFigures()
    {
        HeadEvaluation judge = HeadEvaluation.Of(Head);
        Take(judge, Labels(0.9f, 0, 0), "\"甲\"");
        Take(judge, Labels(0.8f, 0, 0), "0");
        Take(judge, Labels(0.6f, 0, 0), "\"1\"");     // an index, as text
        Take(judge, Labels(0, 0.5f, 0), "\"乙\"");
        // A name that looks like an index is a name; here both are the same label.
        Take(judge, Labels(0, 0, 0.95f), "2");
        judge.Count.Should().Be(5);
        Figure(judge, "accuracy").Should().Be(4 / 5.0);
        // F1: 甲 2·2/(3+2), 乙 2·1/(1+2), 2: 1
        Figure(judge, "macro_f1").Should().BeApproximately((0.8 + 2 / 3.0 + 1) / 3, 1e-12);
        judge.Classes!.Classes.Select(c => (c.Label, c.Right, c.Answered, c.Labelled)).Should().Equal(
            ("甲", 2, 3, 2), ("乙", 1, 1, 2), ("2", 1, 1, 1));
        (judge.Confusion![1, 0], judge.Confusion[1, 1], judge.Confusion[0, 0], judge.Confusion[0, 1])
            .Should().Be((1, 1, 2, 0));
        // Bins of 1/15: 0.5, 0.6, 0.8, 0.9 and 0.95 are alone or not as (k/15, (k+1)/15] says: 0.9 and 0.95 are in
        // (0.867, 0.933] and (0.933, 1]. Σ |right − score| / 5.
        Figure(judge, "calibration_error").Should()
            .BeApproximately((0.1 + 0.2 + 0.6 + 0.5 + 0.05) / 5, 1e-6);
        judge.Calibration!.Bins.Where(b => b.Count > 0).Select(b => b.Count).Should().Equal(1, 1, 1, 1, 1);
    }

    [Theory]
    [InlineData("\"丙\"", "label '丙': the model has no such label")]
    [InlineData("3", "label '3': the model has no such label")]
    [InlineData("-1", "label '-1': the model has no such label")]
    [InlineData("1.5", "label '1.5': the model has no such label")]
    [InlineData("[0]", "label '[0]': the model has no such label")]
    [InlineData("\"乙\"", null)]
    [InlineData("0", null)]
    public void Labels_Unknown_AreFaults(string label, string? fault) => Fault(HeadEvaluation.Of(Head), label).Should().Be(fault);

    [Fact]
    public void LabelSets_GiveTheFigures()
    {
        HeadEvaluation judge = HeadEvaluation.Of(Head with { ProblemType = ProblemType.MultiLabel });
        Take(judge, Labels(0.5f, 0.9f, 0.4f), "[0,\"乙\"]");
        Take(judge, Labels(1, 0, 0), "[\"2\"]");
        Take(judge, Labels(0.1f, 0.1f, 0.1f), "[]");
        Figure(judge, "exact_match").Should().Be(2 / 3.0);
        Figure(judge, "micro_f1").Should().Be(2 * 2 / (3.0 + 3));
        Figure(judge, "macro_f1").Should().BeApproximately((2 * 1 / 3.0 + 1 + 0) / 3, 1e-12);
        // Of all nine scores, by bins: |1 − 0.5|, |1 − 0.9|, 0.4, 1, |1 − 0| of the two zeros, and 3 · 0.1.
        Figure(judge, "calibration_error").Should().BeApproximately((0.5 + 0.1 + 0.4 + 1 + 1 + 0.3) / 9, 1e-6);
        Fault(judge, "\"甲\"").Should().Be("the labels are no array");
        Fault(judge, "[\"丁\"]").Should().Be("label '丁': the model has no such label");
    }

    [Fact]
    public void Values_GiveTheFigures()
    {
        HeadEvaluation judge = HeadEvaluation.Of(Head with { ProblemType = ProblemType.Regression, Labels = ["x"] });
        (float Value, string Label)[] pairs = [(1, "2"), (2, "\"2\""), (3, "4"), (4, "3")];
        foreach ((float value, string label) in pairs)
            Take(judge, Labels(value), label);
        Figure(judge, "mae").Should().BeApproximately(3 / 4.0, 1e-12);
        Figure(judge, "rmse").Should().BeApproximately(Math.Sqrt(3 / 4.0), 1e-12);
        // x − 2.5: −1.5 −.5 .5 1.5; y − 2.75: −.75 −.75 1.25 .25; Σxy = 2.5, Σx² = 5, Σy² = 2.75
        Figure(judge, "pearson").Should().BeApproximately(2.5 / Math.Sqrt(5 * 2.75), 1e-12);
        // ranks of y: 1.5 1.5 4 3; − 2.5: −1 −1 1.5 .5; Σxy = 3.5, Σy² = 4.5
        Figure(judge, "spearman").Should().BeApproximately(3.5 / Math.Sqrt(5 * 4.5), 1e-12);
        Figure(judge, "spearman_records").Should().Be(4);
        Fault(judge, "\"viel\"").Should().Be("label 'viel' is not a number");
        Fault(judge, "1e999").Should().NotBeNull();
    }

    [Fact]
    public void Values_MoreThanAreRanked_AreRankedFromASample()
    {
        ValueEvaluation judge = new(mostRanked: 500);
        Random random = new(5);
        for (int i = 0; i < 20_000; i++)
        {
            double x = random.NextDouble(), y = x + random.NextDouble() / 2;
            Take(judge, Labels((float)x), FormattableString.Invariant($"{y}"));
        }
        Figure(judge, "spearman_records").Should().Be(500);
        Figure(judge, "spearman").Should().BeApproximately(Figure(judge, "pearson")!.Value, 0.05);
    }

    [Fact]
    public void Values_Constant_HaveNoCorrelation()
    {
        HeadEvaluation judge = new ValueEvaluation();
        Take(judge, Labels(1), "1");
        Take(judge, Labels(1), "2");
        (Figure(judge, "pearson"), Figure(judge, "spearman")).Should().Be((null, null));
    }

    [Fact]
    public void Entities_GiveTheFigures()
    {
        HeadEvaluation judge = HeadEvaluation.Of(
            TinyModel.NoHead with { Kind = HeadKind.TokenClassification, Labels = ["O", "B-人", "I-人", "地"] });
        // The first character takes two UTF-16 units and is one code point, as labels count.
        TextEntity person = new("人", 1, false, 0, 3), place = new("地", 1, false, 4, 6);
        Take(judge, Entities(person, place), "[{\"label\":\"人\",\"start\":0,\"end\":2}]");
        Take(judge, Entities(person), "[{\"label\":\"人\",\"start\":0,\"end\":3}]");
        Take(judge, Entities(place), "[{\"label\":\"地\",\"start\":3,\"end\":5,\"pair\":true}]");
        Take(judge, Entities(), "[]");
        Figure(judge, "precision").Should().Be(1 / 4.0);
        Figure(judge, "recall").Should().Be(1 / 3.0);
        Figure(judge, "entity_f1").Should().Be(2 * 1 / (4.0 + 3));
        Figure(judge, "macro_f1").Should().Be((2 * 1 / 4.0 + 0) / 2);
        Figure(judge, "exact_match").Should().Be(1 / 4.0);
        Fault(judge, "[{\"label\":\"B-人\",\"start\":0,\"end\":2}]").Should().Be("label 'B-人': the model has no such label");
        Fault(judge, "[{\"label\":\"人\",\"start\":0}]").Should().Contain("is no entity with label, start and end");
        Fault(judge, "[1]").Should().Be("'1' is no entity with label, start and end");
    }

    [Fact]
    public void Choices_GiveTheFigures()
    {
        HeadEvaluation judge = HeadEvaluation.Of(TinyModel.NoHead with { Kind = HeadKind.MultipleChoice });
        TextRecord four = new() { Number = 0, Id = default, Place = default, Choices = ["a", "b", "c", "d"] };
        judge.Fault(four, JsonDocument.Parse("3").RootElement).Should().BeNull();
        judge.Fault(four, JsonDocument.Parse("4").RootElement).Should().Be("label 4: there are 4 choices, from 0", "some count from 1");
        Take(judge, Choices(0.2f, 0.5f, 0.3f), "1");
        Take(judge, Choices(0.5f, 0.2f, 0.3f), "\"2\"");
        Figure(judge, "accuracy").Should().Be(0.5);
        Fault(judge, "-1").Should().Be("label '-1' is not the index of a choice, from 0");
        Fault(judge, "\"热\"").Should().Be("label '热' is not the index of a choice, from 0");
    }

    [Theory]
    [InlineData("三百米", "桥长三百米", false, 2 * 3 / 8.0)]
    [InlineData("《三百米》。", " 三百米", true, 1.0)]
    [InlineData("ABC公司", "abc公司", true, 1.0)]
    [InlineData("1998年5月", "1998年", false, 2 * 2 / 6.0)]   // units 1998 年 5 月
    [InlineData("a b c", "b c d", false, 2 * 2 / 6.0)]
    [InlineData("北京", "上海", false, 0.0)]
    [InlineData("北京", "", false, 0.0)]
    [InlineData("3.14", "3.14", true, 1.0)]
    public void Answers_AreComparedByCharacters(string truth, string answer, bool exact, double f1)
    {
        AnswerOverlap.IsExact(truth, answer).Should().Be(exact);
        AnswerOverlap.F1(truth, answer).Should().BeApproximately(f1, 1e-12);
    }

    /// <summary>The script of the task means to remove it, and does not: cmrc2018_evaluate.py, remove_punctuation.</summary>
    [Fact]
    public void Answers_EllipsisStays() => AnswerOverlap.IsExact("好", "好……").Should().BeFalse();

    [Fact]
    public void Answers_OfSeveralTheBestCounts()
    {
        HeadEvaluation judge = HeadEvaluation.Of(TinyModel.NoHead with { Kind = HeadKind.QuestionAnswering });
        Take(judge, Span(3, 8), "[\"三百米\",\"桥长三百米\"]");
        Take(judge, new SpanAnswer(), "\"桥\"");
        Take(judge, Span(3, 5), "\"桥长三百米\"");
        Figure(judge, "exact_match").Should().Be(1 / 3.0);
        Figure(judge, "f1").Should().BeApproximately((1 + 0 + 4 / 7.0) / 3, 1e-12);
        Fault(judge, "[]").Should().NotBeNull();
        Fault(judge, "1").Should().Be("label '1' is neither a text nor an array of texts");
    }

    [Fact]
    public void Evaluation_ModelWithoutAHead_IsRefused()
    {
        Action make = () => HeadEvaluation.Of(TinyModel.NoHead);
        make.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Usage);
    }

    private static double? Figure(HeadEvaluation judge, string name) => judge.Measures.Single(m => m.Name == name).Value;

    private static string? Fault(HeadEvaluation judge, string label)
    {
        using JsonDocument json = JsonDocument.Parse(label);
        return judge.Fault(json.RootElement);
    }

    private static LabelAnswer Labels(params float[] values)
    {
        LabelAnswer answer = new();
        values.CopyTo(answer.Reset(values.Length));
        return answer;
    }

    private static ChoiceAnswer Choices(params float[] values)
    {
        ChoiceAnswer answer = new();
        values.CopyTo(answer.Reset(values.Length));
        return answer;
    }

    private static EntityAnswer Entities(params TextEntity[] entities)
    {
        EntityAnswer answer = new();
        answer.Entities.AddRange(entities);
        return answer;
    }

    private static SpanAnswer Span(int start, int end) => new() { Found = true, Start = start, End = end };

    private static void Take(HeadEvaluation judge, Answer answer, string label)
    {
        using JsonDocument truth = JsonDocument.Parse(label);
        judge.Fault(truth.RootElement).Should().BeNull();
        TextRecord record = new()
        {
            Number = 0, Id = RecordId.OfNumber(0), Place = default, Text = "😀乙丙丁戊己庚辛", Pair = "这座大桥长三百米",
        };
        judge.Add(record, answer, truth.RootElement);
    }
}
