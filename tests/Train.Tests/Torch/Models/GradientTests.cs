using System.Text.Json;
using GauRuntime.Convert.Names;
using GauRuntime.Tests;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>
/// Derivatives of the masked-LM loss. Those of tests/fixtures/training are central differences of the project's float64
/// reference, good to 1e-7, or 1e-6 with relu; of all others the same of our own forward pass.
/// </summary>
public sealed class GradientTests
{
    [Theory]
    [InlineData("gau-tiny", "gau_alpha.", 1e-7)]
    [InlineData("roformer-v2-tiny", "roformer.", 1e-6)]
    public void Backward_FixtureInDouble_HasTheReferencesGradients(string folder, string prefix, double tolerance)
    {
        JsonElement golden = Golden(folder);
        using TrainableModel model = Backward(folder, golden, ScalarType.Float64, out double loss);
        loss.Should().BeApproximately(golden.GetProperty("loss").GetDouble(), 1e-9);
        int tensors = 0;
        foreach (Parameter parameter in model.Parameters)
        {
            JsonElement expected = golden.GetProperty("tensors").GetProperty(prefix + NameTable.Torch(parameter.Name));
            double[] gradient = Trainable.Numbers(parameter.Value.grad!), weights = Trainable.Numbers(parameter.Value);
            foreach (JsonElement entry in expected.GetProperty("entries").EnumerateArray())
                gradient[entry.GetProperty("index").GetInt32()].Should().BeApproximately(
                    entry.GetProperty("grad").GetDouble(), tolerance, parameter.Name);
            double along = expected.GetProperty("grad_dot_weight").GetDouble();
            Dot(gradient, weights).Should().BeApproximately(along, tolerance * Math.Max(1, Math.Abs(along)), parameter.Name);
            tensors++;
        }
        tensors.Should().Be(golden.GetProperty("tensors").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("gau-tiny", "gau_alpha.")]
    [InlineData("roformer-v2-tiny", "roformer.")]
    public void Backward_FixtureInFloat_IsNear(string folder, string prefix)
    {
        JsonElement golden = Golden(folder);
        using TrainableModel model = Backward(folder, golden, ScalarType.Float32, out double loss);
        loss.Should().BeApproximately(golden.GetProperty("loss").GetDouble(), 1e-3);
        foreach (Parameter parameter in model.Parameters)
        {
            double[] gradient = Trainable.Numbers(parameter.Value.grad!);
            double largest = gradient.Max(Math.Abs);
            foreach (JsonElement entry in golden.GetProperty("tensors").GetProperty(prefix + NameTable.Torch(parameter.Name))
                .GetProperty("entries").EnumerateArray())
                gradient[entry.GetProperty("index").GetInt32()].Should().BeApproximately(
                    entry.GetProperty("grad").GetDouble(), 1e-3 * Math.Max(1, largest), parameter.Name);
        }
    }

    /// <summary>Scores are products of q and k, so that a factor may stand at either.</summary>
    [Fact]
    public void Backward_GammasOfQAndK_HaveTheSameSumAlongTheWeights()
    {
        using TrainableModel model = Backward("gau-tiny", Golden("gau-tiny"), ScalarType.Float64, out _);
        for (int layer = 0; layer < model.Description.Config.LayerCount; layer++)
        {
            double[] sums = [.. ((string[])["q", "k"]).Select(side =>
            {
                string name = ModelTensors.Layer(layer, $"gau.{side}_gamma");
                Tensor gamma = model.Parameters.Single(parameter => parameter.Name == name).Value;
                return Dot(Trainable.Numbers(gamma.grad!), Trainable.Numbers(gamma));
            })];
            sums[0].Should().BeApproximately(sums[1], 1e-10);
            sums[0].Should().NotBe(0);
        }
    }

    public static TheoryData<string> Variants =>
        [.. Trainable.Variants.Where(variant => variant.Value.HasMaskedLm).Select(variant => variant.Key)];

    /// <summary>Of every tensor along a random direction, by four points.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_EverySetting_IsTheSlopeOfTheLoss(string variant)
    {
        const double step = 1e-4;
        ModelConfig config = Trainable.Variants[variant];
        using TrainableModel model = Trainable.Random(Trainable.Describe(config), ScalarType.Float64);
        (int[][] ids, int[][] segments) = Trainable.Texts(config, 6, 3, 9);
        using TokenBatch batch = new(ids, segments, CPU);
        using Tensor targets = Targets(ids);
        Loss(model, batch, targets, backward: true);
        Random random = new(3);
        // A kink of relu between two points adds to the difference.
        bool bends = config.HiddenAct == Activation.Relu || config.Normalization == Normalization.SquaredRelu;
        double tolerance = bends ? 1e-4 : 1e-7;
        foreach (Parameter parameter in model.Parameters)
        {
            using DisposeScope scope = NewDisposeScope();
            double[] direction = [.. Enumerable.Range(0, (int)parameter.Value.numel()).Select(_ => 2 * random.NextDouble() - 1)];
            double length = Math.Sqrt(direction.Sum(x => x * x));
            direction = [.. direction.Select(x => x / length)];
            Tensor along = tensor(direction).reshape(parameter.Value.shape), kept = parameter.Value.detach().clone();
            double At(double t)
            {
                using (no_grad())
                    parameter.Value.copy_(kept + along * t);
                return Loss(model, batch, targets, backward: false);
            }
            double slope = (At(-2 * step) - 8 * At(-step) + 8 * At(step) - At(2 * step)) / (12 * step);
            using (no_grad())
                parameter.Value.copy_(kept);
            Dot(Trainable.Numbers(parameter.Value.grad!), direction).Should().BeApproximately(
                slope, tolerance * Math.Max(1, Math.Abs(slope)), parameter.Name);
        }
    }

    private static JsonElement Golden(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("training", $"gradients-{folder}.json"))).RootElement;

    private static TrainableModel Backward(string folder, JsonElement golden, ScalarType type, out double loss)
    {
        GoldenCase texts = GoldenCase.Read(
            Fixtures.Path([folder, .. golden.GetProperty("case").GetString()!.Split('/')]));
        TrainableModel model = Trainable.OfFixture(folder, type, texts.Apply);
        bool[][] keys = [.. GoldenCase.Rows(texts.AttentionMask).Select(row => row.Select(mask => mask != 0).ToArray())];
        using TokenBatch batch =
            new(GoldenCase.Rows(texts.InputIds), GoldenCase.Rows(texts.TokenTypeIds), CPU, keys);
        long[][] rows = golden.GetProperty("target").Deserialize<long[][]>()!;
        using Tensor targets = tensor(rows.SelectMany(row => row).ToArray()).reshape(rows.Length, rows[0].Length);
        loss = Loss(model, batch, targets, backward: true);
        return model;
    }

    private static double Loss(TrainableModel model, TokenBatch batch, Tensor targets, bool backward)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable? evaluation = backward ? null : no_grad();
        Tensor loss = Losses.MaskedLm(
            model, model.Encode(batch, DropoutRates.None), targets, DropoutRates.None).Loss;
        if (backward)
            loss.backward();
        return loss.to(ScalarType.Float64).item<double>();
    }

    private static Tensor Targets(int[][] ids)
    {
        int n = ids.Max(text => text.Length);
        long[] targets = new long[ids.Length * n];
        for (int i = 0; i < ids.Length; i++)
            for (int j = i; j < ids[i].Length; j += 2)
                targets[i * n + j] = ids[i][j] * 7 % 190 + 5;
        return tensor(targets).reshape(ids.Length, n);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
