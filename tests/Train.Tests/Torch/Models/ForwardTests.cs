using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Tests;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>Forward passes: the cases of tests/fixtures within the tolerances of its README, and the runtime's own.</summary>
public sealed class ForwardTests
{
    private const double HiddenTolerance = 1e-4, MlmTolerance = 2e-3, HeadTolerance = 5e-5, ClearMargin = 5e-3;

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
        (TokenBatch batch, bool[][] keys) = Batch(golden, model.Description.Config);
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
                    Difference(found.AsSpan(token * h, h), golden.Hidden[row][listed]).Should().BeLessThan(HiddenTolerance);
                ReadOnlySpan<float> ofToken = logits.AsSpan(token * v, v);
                if (listedLogits >= 0)
                    Difference(ofToken, expectedLogits[row][listedLogits]).Should().BeLessThan(MlmTolerance);
                if (golden.ArgmaxMargin[row][position] > ClearMargin)
                    Probabilities.Best(ofToken).Should().Be(golden.Argmax[row][position]);
                compared += listed >= 0 ? 1 : 0;
            }
        compared.Should().BePositive();
        batch.Dispose();
    }

    public static TheoryData<string, string> HeadCases()
    {
        TheoryData<string, string> data = [];
        foreach (string folder in Trainable.Folders)
            foreach (string path in Directory.EnumerateDirectories(Fixtures.Path(folder), "head-*").Order())
                data.Add($"{folder}/{Path.GetFileName(path)}", "case.json");
        data.Add("gau-tiny/head-seq", "case_keras_dialect.json");
        return data;
    }

    [Theory]
    [MemberData(nameof(HeadCases))]
    public void Head_GoldenCase_WithinTolerance(string folder, string file)
    {
        GoldenCase golden = GoldenCase.Read(Fixtures.Path([.. folder.Split('/'), file]));
        using TrainableModel model = Trainable.OfFixture(
            folder, ScalarType.Float32,
            config => file == "case.json" ? config : config with { Eps = 1e-7, MinKeys = 16, FirstAlwaysKey = true });
        using DisposeScope scope = NewDisposeScope();
        using IDisposable evaluation = no_grad();
        (TokenBatch texts, bool[][] keys) = Batch(golden, model.Description.Config);
        bool isChoice = model.Description.Head.Kind == HeadKind.MultipleChoice;
        using TokenBatch batch = isChoice ? Batch(golden, model.Description.Config, choices: 2).Batch : texts;
        Tensor logits = model.Head(model.Encode(batch, DropoutRates.None), batch, DropoutRates.None);
        float[] found = logits.data<float>().ToArray();
        switch (model.Description.Head.Kind)
        {
            case HeadKind.QuestionAnswering:
                for (int i = 0; i < found.Length; i++)
                    if (keys[i / 2 / batch.Length][i / 2 % batch.Length])
                        ((double)found[i]).Should().BeApproximately(
                            (i % 2 == 0 ? golden.StartLogits : golden.EndLogits)[i / 2 / batch.Length][i / 2 % batch.Length],
                            HeadTolerance);
                break;
            case HeadKind.TokenClassification:
                float[][][] ofTokens = golden.Logits.Deserialize<float[][][]>()!;
                int labels = ofTokens[0][0].Length;
                for (int i = 0; i < found.Length / labels; i++)
                    if (keys[i / batch.Length][i % batch.Length])
                        Difference(found.AsSpan(i * labels, labels), ofTokens[i / batch.Length][i % batch.Length]).Should()
                            .BeLessThan(HeadTolerance);
                break;
            default:
                Difference(found, golden.Logits.Deserialize<float[][]>()!.SelectMany(row => row).ToArray()).Should()
                    .BeLessThan(HeadTolerance);
                break;
        }
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
                Difference(hidden[i, j].data<float>().ToArray(), workspace.Hidden(texts.Start(i) + j)).Should()
                    .BeLessThan(HiddenTolerance);
                if (!description.Config.HasMaskedLm)
                    continue;
                float[] expected = new float[description.Config.VocabSize];
                MaskedLmHead.Logits(runtime, workspace, [texts.Start(i) + j], expected);
                Difference(
                    model.MaskedLm(hidden[i, j].unsqueeze(0), DropoutRates.None).data<float>().ToArray(), expected)
                    .Should().BeLessThan(MlmTolerance);
            }
    }

    public static TheoryData<Architecture, HeadKind, Pooling> Heads()
    {
        TheoryData<Architecture, HeadKind, Pooling> data = [];
        foreach (TheoryDataRow<Architecture, HeadKind> row in Architectures.Heads)
            if (row.Data.Item2 is HeadKind.SequenceClassification or HeadKind.MultipleChoice)
                foreach (Pooling pooling in (Pooling[])[Pooling.First, Pooling.Last, Pooling.Mean, Pooling.Max])
                    data.Add(row.Data.Item1, row.Data.Item2, pooling);
            else if (row.Data.Item2 != HeadKind.MaskedLm)
                data.Add(row.Data.Item1, row.Data.Item2, Pooling.First);
        return data;
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Head_EveryKind_AgreesWithTheRuntime(Architecture architecture, HeadKind kind, Pooling pooling)
    {
        ModelDescription description = Trainable.Describe(
            Trainable.Config(architecture) with { MaskedLmTransform = false },
            TinyModel.HeadOf(architecture, kind) with { Pooling = pooling });
        using TemporaryFolder folder = new();
        RandomModel.Write(folder.Path("m"), description, WeightType.F32, 0);
        using GauModel runtime = GauModel.Load(folder.Path("m"));
        using GauWorkspace workspace = new(runtime);
        using TrainableModel model = TrainableModel.Load(folder.Path("m"), CPU, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable evaluation = no_grad();

        (int[][] ids, int[][] segments) = Trainable.Texts(description.Config, 3, 9, 1, 6);
        GauBatch texts = new();
        for (int i = 0; i < ids.Length; i++)
            texts.Add(ids[i], segments[i]);
        GauEncoder.Forward(runtime, texts, workspace);
        using TokenBatch batch = new(ids, segments, CPU) { Choices = kind == HeadKind.MultipleChoice ? 2 : 1 };
        Tensor logits = model.Head(model.Encode(batch, DropoutRates.None), batch, DropoutRates.None);
        int outputs = description.Head.OutputCount;
        long[] shape = kind switch
        {
            HeadKind.SequenceClassification => [4, outputs],
            HeadKind.MultipleChoice => [2, 2],
            _ => [4, 9, outputs],
        };
        logits.shape.Should().Equal(shape);
        float[] found = logits.data<float>().ToArray(), expected = new float[outputs];
        for (int i = 0; i < ids.Length; i++)
            if (kind is HeadKind.SequenceClassification or HeadKind.MultipleChoice)
            {
                ClassifierHead.SequenceLogits(runtime, workspace, texts, i, expected);
                Difference(found.AsSpan(i * outputs, outputs), expected).Should().BeLessThan(HiddenTolerance);
            }
            else
            {
                for (int j = 0; j < ids[i].Length; j++)
                {
                    ClassifierHead.TokenLogits(runtime, workspace, texts.Start(i) + j, expected);
                    Difference(found.AsSpan((i * 9 + j) * outputs, outputs), expected).Should().BeLessThan(HiddenTolerance);
                }
            }
    }

    private static (TokenBatch Batch, bool[][] Keys) Batch(GoldenCase golden, ModelConfig config, int choices = 1)
    {
        bool[][] keys = [.. GoldenCase.Rows(golden.AttentionMask).Select(
            row => row.Select((mask, i) => mask != 0 || (i == 0 && config.FirstAlwaysKey)).ToArray())];
        return (new TokenBatch(GoldenCase.Rows(golden.InputIds), GoldenCase.Rows(golden.TokenTypeIds), CPU, keys)
        {
            Choices = choices,
        }, keys);
    }

    /// <summary>max |a − b|; infinite where either is no number.</summary>
    private static double Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        b.Length.Should().Be(a.Length);
        double worst = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = Math.Abs((double)a[i] - b[i]);
            worst = Math.Max(worst, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }
        return worst;
    }
}
