using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Tests;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>Heads: the cases of tests/fixtures within the tolerance of its README, and the runtime's own logits.</summary>
public sealed class TaskHeadTests
{
    private const double HeadTolerance = 5e-5, RuntimeTolerance = 1e-4;

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
        (TokenBatch texts, bool[][] keys) = Trainable.Batch(golden, model.Description.Config);
        bool isChoice = model.Description.Head.Kind == HeadKind.MultipleChoice;
        using TokenBatch batch = isChoice ? Trainable.Batch(golden, model.Description.Config, choices: 2).Batch : texts;
        Tensor logits = model.Head(model.Encode(batch, DropoutRates.None), batch);
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
                        Trainable.Difference(found.AsSpan(i * labels, labels), ofTokens[i / batch.Length][i % batch.Length]).Should()
                            .BeLessThan(HeadTolerance);
                break;
            default:
                Trainable.Difference(found, golden.Logits.Deserialize<float[][]>()!.SelectMany(row => row).ToArray()).Should()
                    .BeLessThan(HeadTolerance);
                break;
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
        Tensor logits = model.Head(model.Encode(batch, DropoutRates.None), batch);
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
                Trainable.Difference(found.AsSpan(i * outputs, outputs), expected).Should().BeLessThan(RuntimeTolerance);
            }
            else
            {
                for (int j = 0; j < ids[i].Length; j++)
                {
                    ClassifierHead.TokenLogits(runtime, workspace, texts.Start(i) + j, expected);
                    Trainable.Difference(found.AsSpan((i * 9 + j) * outputs, outputs), expected).Should().BeLessThan(RuntimeTolerance);
                }
            }
    }
}
