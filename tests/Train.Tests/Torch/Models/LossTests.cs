using System.Text.Json;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>
/// Losses against tests/fixtures/training/loss.json, made by the project's float64 reference, and small ones by hand.
/// </summary>
public sealed class LossTests
{
    private const double Tolerance = 1e-10;

    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("training", "loss.json"))).RootElement;

    [Fact]
    public void MaskedLm_Fixture_HasItsLossAccuracyAndGradient()
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.GetProperty("mlm");
        long[] targets = [.. golden.GetProperty("target").Deserialize<long[][]>()!.SelectMany(row => row)];
        double[][] rows = [.. golden.GetProperty("logits").Deserialize<double[][][]>()!.SelectMany(text => text)];
        double[][] gradients = [.. golden.GetProperty("grad_logits").Deserialize<double[][][]>()!.SelectMany(text => text)];
        int[] places = [.. Enumerable.Range(0, targets.Length).Where(i => targets[i] != 0)];
        Tensor logits = tensor(places.SelectMany(i => rows[i]).ToArray()).reshape(places.Length, -1).requires_grad_();

        (Tensor loss, Tensor correct) = Losses.MaskedLm(logits, tensor(places.Select(i => targets[i]).ToArray()));
        loss.backward();
        loss.item<double>().Should().BeApproximately(golden.GetProperty("loss").GetDouble(), Tolerance);
        (correct.item<long>() / (places.Length + 1e-7)).Should()
            .BeApproximately(golden.GetProperty("accuracy").GetDouble(), Tolerance);
        double[] expected = [.. places.SelectMany(i => gradients[i])], found = Trainable.Numbers(logits.grad!);
        for (int i = 0; i < expected.Length; i++)
            found[i].Should().BeApproximately(expected[i], Tolerance);
    }

    [Fact]
    public void MaskedLm_OfAModel_CountsTargetsAndHits()
    {
        using TrainableModel model = Trainable.Random(Trainable.Describe(Trainable.Config(Architecture.GauAlpha)), ScalarType.Float64);
        using DisposeScope scope = NewDisposeScope();
        (int[][] ids, _) = Trainable.Texts(model.Description.Config, 4, 2);
        using TokenBatch batch = new(ids, null, CPU);
        Tensor hidden = model.Encode(batch, DropoutRates.None);
        double[] logits = Trainable.Numbers(model.MaskedLm(hidden.flatten(0, 1), DropoutRates.None));
        int v = model.Description.Config.VocabSize;
        int Likeliest(int token) => Enumerable.Range(0, v).MaxBy(id => logits[token * v + id]);
        double Surprise(int token, long id) =>
            Math.Log(Enumerable.Range(0, v).Sum(other => Math.Exp(logits[token * v + other] - logits[token * v + id])));

        long[] targets = [0, Likeliest(1), 0, Likeliest(3) + 1, 0, Likeliest(5), 0, 0];
        (Tensor loss, Tensor correct, long count) = Losses.MaskedLm(
            model, hidden, tensor(targets).reshape(2, 4), DropoutRates.None);
        count.Should().Be(3);
        correct.item<long>().Should().Be(2);
        loss.item<double>().Should().BeApproximately(
            ((int[])[1, 3, 5]).Sum(token => Surprise(token, targets[token])) / (3 + 1e-7), 1e-9);
    }

    [Fact]
    public void MaskedLm_WithoutTargets_IsNothing()
    {
        using TrainableModel model = Trainable.Random(Trainable.Describe(Trainable.Config(Architecture.Bert)), ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = new([[5, 6, 7]], null, CPU);
        (Tensor loss, Tensor correct, long count) = Losses.MaskedLm(
            model, model.Encode(batch, DropoutRates.None), zeros([1, 3], ScalarType.Int64), DropoutRates.None);
        loss.backward();
        count.Should().Be(0);
        loss.item<float>().Should().Be(0);
        correct.item<long>().Should().Be(0);
    }

    [Fact]
    public void MultiLabel_Fixture_IsBert4keras()
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.GetProperty("multilabel");
        double[][] scores = golden.GetProperty("scores").Deserialize<double[][]>()!;
        long[][] labels = golden.GetProperty("labels").Deserialize<long[][]>()!;
        Tensor x = tensor(scores.SelectMany(row => row).ToArray()).reshape(3, 5).requires_grad_();
        Tensor loss = Losses.MultiLabel(x, tensor(labels.SelectMany(row => row).ToArray()).reshape(3, 5));
        loss.item<double>().Should().BeApproximately(golden.GetProperty("loss").GetDouble(), Tolerance);
        loss.backward();
        Trainable.Numbers(x.grad!).Should().NotContain(double.NaN);
    }

    private static HeadConfig Texts => TinyModel.Sequence;

    [Fact]
    public void Head_OfTexts_IsTheMeanCrossEntropy() =>
        Loss(Texts, [2, 3], [1, 2, 3, 0, 0, 0], [2L, 0], [2]).Should().BeApproximately(
            (Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)) + Math.Log(3)) / 2, Tolerance);

    [Fact]
    public void Head_OfChoices_IsTheMeanCrossEntropyOverChoices() =>
        Loss(TinyModel.NoHead with { Kind = HeadKind.MultipleChoice }, [2, 2], [1, 3, 5, 5], [0L, 1], [2]).Should()
            .BeApproximately((Math.Log(1 + Math.Exp(2)) + Math.Log(2)) / 2, Tolerance);

    [Fact]
    public void Head_OfNumbers_IsTheMeanSquare() =>
        Loss(Texts with { Labels = ["x"], ProblemType = ProblemType.Regression }, [2, 1], [1, 4], [3.0, 3.5], [2])
            .Should().BeApproximately((4 + 0.25) / 2, Tolerance);

    [Fact]
    public void Head_OfTokens_LeavesOutThoseWithoutALabel()
    {
        HeadConfig head = Texts with { Kind = HeadKind.TokenClassification };
        double[] logits = [1, 2, 3, 0, 0, 0, 9, 9, 9, 4, 4, 5];
        Loss(head, [2, 2, 3], logits, [2L, 0, Losses.NoLabel, Losses.NoLabel], [2, 2]).Should().BeApproximately(
            (Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)) + Math.Log(3)) / 2, Tolerance);
        Loss(head, [2, 2, 3], logits, [.. Enumerable.Repeat(Losses.NoLabel, 4)], [2, 2]).Should().Be(0);
    }

    [Fact]
    public void Head_OfSpans_KnowsNoPadding()
    {
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = new([[5, 6, 7], [5, 6]], null, CPU);
        // Of both texts [n, 2]: start and end; the second has two tokens.
        Tensor logits = tensor(new double[] { 1, 0, 2, 0, 3, 0, 1, 2, 1, 4, 100, 100 }).reshape(2, 3, 2);
        double loss = Losses.Head(
            TinyModel.NoHead with { Kind = HeadKind.QuestionAnswering }, logits,
            tensor(new long[] { 2, 0, 0, 1 }).reshape(2, 2), batch).item<double>();
        loss.Should().BeApproximately(
            (Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)) + Math.Log(3) + Math.Log(2) + Math.Log(1 + Math.Exp(-2))) / 4,
            Tolerance);
    }

    [Fact]
    public void Head_OfSeveralLabels_IsTheirLoss()
    {
        HeadConfig head = Texts with { Labels = ["a", "b"], ProblemType = ProblemType.MultiLabel };
        Loss(head, [1, 2], [0.5, -2], [1L, 0], [1, 2]).Should().BeApproximately(
            Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(-0.5)), Tolerance);
    }

    private static double Loss(HeadConfig head, long[] shape, double[] logits, long[] labels, long[] labelShape) =>
        Loss(head, shape, logits, tensor(labels), labelShape);

    private static double Loss(HeadConfig head, long[] shape, double[] logits, double[] labels, long[] labelShape) =>
        Loss(head, shape, logits, tensor(labels), labelShape);

    private static double Loss(HeadConfig head, long[] shape, double[] logits, Tensor labels, long[] labelShape)
    {
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = new([.. Enumerable.Repeat<int[]>([5, 6], (int)shape[0])], null, CPU);
        return Losses.Head(head, tensor(logits).reshape(shape), labels.reshape(labelShape), batch).item<double>();
    }
}
