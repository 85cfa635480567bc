using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Tests;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>Hidden states and masked LM: the cases of tests/fixtures within the tolerances of its README, and the runtime's own.</summary>
public sealed class ForwardTests
{
    private const double HiddenTolerance = 1e-4, MlmTolerance = 2e-3, ClearMargin = 5e-3;

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> data = [];
        foreach (string folder in Trainable.Folders)
            foreach (string path in Directory.EnumerateFiles(Fixtures.Path(folder, "cases"), "*.json", SearchOption.AllDirectories).Order())
                data.Add(folder, Path.GetRelativePath(Fixtures.Path(folder, "cases"), path));
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Encode_GoldenCase_WithinTolerance(string folder, string path)
    {
        GoldenCase golden = GoldenCase.Read(Fixtures.Path(folder, "cases", path));
        using TrainableModel model = Trainable.OfFixture(folder, ScalarType.Float32, golden.Apply);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable evaluation = no_grad();
        (TokenBatch batch, bool[][] keys) = Trainable.Batch(golden, model.Description.Config);
        Tensor hidden = model.Encode(batch, DropoutRates.None);
        float[] found = hidden.data<float>().ToArray(),
            logits = model.MaskedLm(hidden.flatten(0, 1), DropoutRates.None).data<float>().ToArray();
        int h = model.Description.Config.HiddenSize, v = model.Description.Config.VocabSize, compared = 0;
        float[][][] expectedLogits = golden.Logits.Deserialize<float[][][]>()!;
        for (int row = 0; row < batch.Count; row++)
            for (int position = 0; position < batch.Length; position++)
            {
                if (!keys[row][position])
                    continue;
                int token = row * batch.Length + position, listed = Array.IndexOf(golden.Positions, position),
                    listedLogits = Array.IndexOf(golden.LogitPositions, position);
                if (listed >= 0)
                    Trainable.Difference(found.AsSpan(token * h, h), golden.Hidden[row][listed]).Should().BeLessThan(HiddenTolerance);
                ReadOnlySpan<float> ofToken = logits.AsSpan(token * v, v);
                if (listedLogits >= 0)
                    Trainable.Difference(ofToken, expectedLogits[row][listedLogits]).Should().BeLessThan(MlmTolerance);
                if (golden.ArgmaxMargin[row][position] > ClearMargin)
                    Probabilities.Best(ofToken).Should().Be(golden.Argmax[row][position]);
                compared += listed >= 0 ? 1 : 0;
            }
        compared.Should().BePositive();
        batch.Dispose();
    }

    public static TheoryData<string> Variants => [.. Trainable.Variants.Keys];

    /// <summary>Padded texts here, ragged ones there, with the same weights.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Encode_EverySetting_AgreesWithTheRuntime(string variant)
    {
        ModelDescription description = Trainable.Describe(Trainable.Variants[variant]);
        using TemporaryFolder folder = new();
        RandomModel.Write(folder.Path("m"), description, WeightType.F32, 0);
        using GauModel runtime = GauModel.Load(folder.Path("m"));
        using GauWorkspace workspace = new(runtime);
        using TrainableModel model = TrainableModel.Load(folder.Path("m"), CPU, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable evaluation = no_grad();

        (int[][] ids, int[][] segments) = Trainable.Texts(description.Config, 5, 1, 23, 2);
        GauBatch texts = new();
        for (int i = 0; i < ids.Length; i++)
            texts.Add(ids[i], segments[i]);
        GauEncoder.Forward(runtime, texts, workspace);
        using TokenBatch batch = new(ids, segments, CPU);
        Tensor hidden = model.Encode(batch, DropoutRates.None);
        hidden.shape.Should().Equal(4, 23, description.Config.HiddenSize);
        for (int i = 0; i < ids.Length; i++)
            for (int j = 0; j < ids[i].Length; j++)
            {
                Trainable.Difference(hidden[i, j].data<float>().ToArray(), workspace.Hidden(texts.Start(i) + j)).Should()
                    .BeLessThan(HiddenTolerance);
                if (!description.Config.HasMaskedLm)
                    continue;
                float[] expected = new float[description.Config.VocabSize];
                MaskedLmHead.Logits(runtime, workspace, [texts.Start(i) + j], expected);
                Trainable.Difference(
                    model.MaskedLm(hidden[i, j].unsqueeze(0), DropoutRates.None).data<float>().ToArray(), expected)
                    .Should().BeLessThan(MlmTolerance);
            }
    }
}
