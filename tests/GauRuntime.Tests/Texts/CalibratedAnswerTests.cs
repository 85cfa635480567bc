using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>The answers of a calibrated model are those of the same model with its logits divided.</summary>
public sealed class CalibratedAnswerTests : IDisposable
{
    private const float Temperature = 2.5f;

    private static readonly HeadCalibration Calibration = new()
    {
        Temperature = Temperature, Data = ["x"], DataHash = "", Records = 50, ErrorBefore = 0, ErrorAfter = 0,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Classify_OneLabel_IsTheSoftmaxOfDividedLogits()
    {
        float[] before = Values(TinyModel.Sequence), after = Values(TinyModel.Sequence with { Calibration = Calibration });
        double[] expected = [.. before.Select(p => Math.Pow(p, 1 / Temperature))];
        for (int i = 0; i < before.Length; i++)
            after[i].Should().BeApproximately((float)(expected[i] / expected.Sum()), 1e-6f);
        after.Max().Should().BeLessThan(before.Max(), "T is above 1");
        Array.IndexOf(after, after.Max()).Should().Be(Array.IndexOf(before, before.Max()));
    }

    [Fact]
    public void Classify_SeveralLabels_AreSigmoidsOfDividedLogitsAndChosenByThresholds()
    {
        HeadConfig head = TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel };
        float[] before = Values(head);
        HeadCalibration thresholds = Calibration with { Thresholds = [0, null, 1], Metric = ThresholdMetric.F1 };
        using GauModel model = Load(head with { Calibration = thresholds });
        Classification answer = new GauClassifier(model).Classify("今天天气");
        for (int i = 0; i < before.Length; i++)
            answer.Values.Span[i].Should().BeApproximately(
                (float)(1 / (1 + Math.Pow(1 / before[i] - 1, 1 / Temperature))), 1e-3f);
        answer.Chosen.Should().Equal("a");   // from 0 on, never, and from 1 on
    }

    [Theory]
    [InlineData(ProblemType.SingleLabel, WindowAggregate.Mean)]
    [InlineData(ProblemType.MultiLabel, WindowAggregate.Max)]
    public void Classify_LongTextOfACalibratedModel_AggregatesCalibratedProbabilities(
        ProblemType problem, WindowAggregate how)
    {
        using GauModel model = Load(TinyModel.Sequence with { ProblemType = problem, Calibration = Calibration });
        GauClassifier plain = new(model);
        // The windows of 10 tokens, 4 apart, worked out by hand.
        float[][] own =
        [
            .. new[] { "今天好。我们去。", "我们去。公园大。", "公园大。下雨了。" }
                .Select(piece => plain.Classify(piece).Values.ToArray()),
        ];
        Classification answer = new GauClassifier(model, new WindowOptions { Tokens = 10, Stride = 4, Aggregate = how })
            .Classify("今天好。我们去。公园大。下雨了。");
        answer.Text.Windows.Should().Be(3);
        answer.Values.ToArray().Should().Equal(Enumerable.Range(0, 3).Select(i => how == WindowAggregate.Max
            ? own.Max(values => values[i])
            : (float)(own.Select(values => (double)values[i]).Sum() / 3)));
    }

    [Fact]
    public void Classify_ByAPrompt_HasNothingOfTheCalibrationOfTheHead()
    {
        float[] Of(HeadConfig config)
        {
            using GauModel model = Load(config);
            return new GauPromptClassifier(model, "[MASK]{text}", [new("x", ["天"]), new("y", ["雨"])])
                .Classify("今天").Values.ToArray();
        }

        Of(TinyModel.Sequence with { Calibration = Calibration }).Should().Equal(Of(TinyModel.Sequence));
    }

    [Fact]
    public void Choose_OfACalibratedModel_IsTheSoftmaxOfDividedLogits()
    {
        HeadConfig head = TinyModel.NoHead with { Kind = HeadKind.MultipleChoice };
        float[] Of(HeadConfig config)
        {
            using GauModel model = Load(config);
            return new GauMultipleChoice(model).Choose("今天", ["天气", "很好"]).Probabilities.ToArray();
        }

        float[] before = Of(head), after = Of(head with { Calibration = Calibration });
        Math.Log(after[0] / after[1]).Should().BeApproximately(Math.Log(before[0] / before[1]) / Temperature, 1e-4);
    }

    [Fact]
    public void Rerank_SigmoidOfACalibratedModel_IsOfDividedLogits()
    {
        HeadConfig head = TinyModel.Sequence with { Labels = ["fits"], ProblemType = ProblemType.MultiLabel };
        float Score(HeadConfig config, bool raw)
        {
            using GauModel model = Load(config);
            return new GauReranker(model, rawLogits: raw).Rerank("今天", ["天气"])[0].Score;
        }

        HeadConfig calibrated = head with { Calibration = Calibration };
        float logit = Score(calibrated, raw: true);
        logit.Should().Be(Score(head, raw: true), "a logit is what it was");
        Score(calibrated, raw: false).Should().BeApproximately((float)(1 / (1 + Math.Exp(-logit / Temperature))), 1e-6f);
    }

    [Fact]
    public void Top_OfAnAnswer_IsTheBestFirst()
    {
        using GauModel model = Load(TinyModel.Sequence);
        Classification answer = new GauClassifier(model).Classify("今天");
        LabelScore[] sorted = [.. answer.Labels.Select(l => new LabelScore(l, answer[l])).OrderByDescending(l => l.Score)];
        answer.Top(2).Should().Equal(sorted[..2]);
        answer.Top(9).Should().Equal(sorted);
        answer.Top(9, sorted[0].Score).Should().Equal(sorted[..1]);
        answer.LabelFrom(sorted[0].Score).Should().Be(answer.Label);
        answer.LabelFrom(1.1f).Should().BeNull();
        FluentActions.Invoking(() => answer.Top(0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Softmax_OfTemperatureOne_IsTheSameToTheLastBit()
    {
        Random random = new(3);
        float[] logits = [.. Enumerable.Range(0, 1000).Select(_ => (float)(40 * random.NextDouble() - 20))];
        float[] plain = [.. logits], divided = [.. logits];
        Probabilities.Softmax(plain);
        Probabilities.Softmax(divided, 1);
        divided.Should().Equal(plain);
    }

    private float[] Values(HeadConfig head)
    {
        using GauModel model = Load(head);
        return new GauClassifier(model).Classify("今天天气").Values.ToArray();
    }

    private GauModel Load(HeadConfig head)
    {
        string path = folder.Path($"{Guid.NewGuid()}.safetensors");
        TinyModel.Write(path, head);
        return GauModel.Load(path);
    }
}
