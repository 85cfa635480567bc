using System.Text.Json;
using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>
/// Every case of tests/fixtures on every tier of this machine, in F32, within the tolerances of its README.
/// </summary>
public sealed class GoldenTests
{
    private const double HiddenTolerance = 1e-4, MlmTolerance = 2e-3, HeadTolerance = 5e-5, ProbabilityTolerance = 1e-5;
    private const double ClearMargin = 5e-3;

    private static readonly string[] Heads = ["head-seq", "head-tok", "head-mc", "head-qa"];

    private static IEnumerable<string> Folders => ArchitectureTraits.All
        .Select(entry => Architectures.Folder(entry.Architecture)).Append("roformer-tiny-e40");

    public static TheoryData<string, string, string> Cases()
    {
        TheoryData<string, string, string> data = [];
        foreach (string model in Folders)
            foreach (string path in Directory.EnumerateFiles(Fixtures.Path(model, "cases"), "*.json", SearchOption.AllDirectories).Order())
                foreach (string tier in KernelTiers.Available)
                    data.Add(model, Path.GetRelativePath(Fixtures.Path(model, "cases"), path), tier);
        return data;
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Fixtures_EveryArchitecture_HaveCasesAndAClassifier(Architecture architecture)
    {
        TestModel.Read(Architectures.Folder(architecture)).Config.Architecture.Should().Be(architecture);
        Directory.EnumerateFiles(Architectures.Fixture(architecture, "cases"), "*.json", SearchOption.AllDirectories)
            .Should().HaveCountGreaterThan(5);
        TestModel.Read(Architectures.Folder(architecture), Heads[0]).Head.Kind.Should().Be(
            HeadKind.SequenceClassification);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_WithinTolerance(string folder, string path, string tier)
    {
        GoldenCase golden = GoldenCase.Read(Fixtures.Path(folder, "cases", path));
        TestModel fixture = TestModel.Read(folder);
        fixture = fixture with { Config = golden.Apply(fixture.Config) };
        using TemporaryFolder temporary = new();
        using GauModel model = fixture.Load(temporary.Path("m.safetensors"), WeightType.F32, tier);
        using GauWorkspace workspace = new(model);
        GauBatch batch = golden.Batch(model.Config);
        GauEncoder.Forward(model, batch, workspace);

        CheckHidden(golden, batch, workspace);
        CheckMaskedLm(golden, batch, workspace);
    }

    private static void CheckHidden(GoldenCase golden, GauBatch batch, GauWorkspace workspace)
    {
        double worst = 0;
        int compared = 0;
        for (int row = 0; row < batch.Count; row++)
            for (int i = 0; i < golden.Positions.Length; i++)
            {
                int token = golden.Token(batch, workspace.Model.Config, row, golden.Positions[i]);
                if (token < 0)
                    continue;
                worst = Math.Max(worst, Difference(workspace.Hidden(token), golden.Hidden[row][i]));
                compared++;
            }
        compared.Should().BePositive();
        worst.Should().BeLessThan(HiddenTolerance);
    }

    private static void CheckMaskedLm(GoldenCase golden, GauBatch batch, GauWorkspace workspace)
    {
        ModelConfig config = workspace.Model.Config;
        float[] logits = new float[config.VocabSize];
        float[][][] expected = golden.Logits.Deserialize<float[][][]>()!;
        for (int row = 0; row < batch.Count; row++)
            for (int position = 0; position < golden.Argmax[row].Length; position++)
            {
                int token = golden.Token(batch, config, row, position);
                if (token < 0)
                    continue;
                MaskedLmHead.Logits(workspace.Model, workspace, [token], logits);
                if (golden.ArgmaxMargin[row][position] > ClearMargin)
                    logits.AsSpan().IndexOf(logits.Max()).Should().Be(golden.Argmax[row][position]);
                int listed = Array.IndexOf(golden.LogitPositions, position);
                if (listed >= 0)
                    Difference(logits, expected[row][listed]).Should().BeLessThan(MlmTolerance);
            }
    }

    public static TheoryData<string, string, string> HeadCases()
    {
        TheoryData<string, string, string> data = [];
        foreach (string tier in KernelTiers.Available)
        {
            foreach (string model in Folders)
                foreach (string head in Heads.Where(head => Directory.Exists(Fixtures.Path(model, head))))
                    data.Add($"{model}/{head}", "case.json", tier);
            data.Add("gau-tiny/head-seq", "case_keras_dialect.json", tier);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(HeadCases))]
    public void Heads_GoldenCase_WithinTolerance(string folder, string file, string tier)
    {
        GoldenCase golden = GoldenCase.Read(Fixtures.Path([.. folder.Split('/'), file]));
        TestModel fixture = TestModel.Read(folder.Split('/'));
        if (file.Contains("keras", StringComparison.Ordinal))
            fixture = fixture with { Config = fixture.Config with { Eps = 1e-7, MinKeys = 16, FirstAlwaysKey = true } };
        using TemporaryFolder temporary = new();
        using GauModel model = fixture.Load(temporary.Path("m.safetensors"), WeightType.F32, tier);
        using GauWorkspace workspace = new(model);
        GauBatch batch = golden.Batch(model.Config);
        GauEncoder.Forward(model, batch, workspace);
        switch (model.Head.Kind)
        {
            case HeadKind.SequenceClassification: CheckSequences(golden, batch, workspace); break;
            case HeadKind.MultipleChoice: CheckChoices(golden, batch, workspace); break;
            case HeadKind.TokenClassification: CheckTokens(golden, batch, workspace); break;
            default: CheckSpans(golden, batch, workspace); break;
        }
    }

    private static void CheckSequences(GoldenCase golden, GauBatch batch, GauWorkspace workspace)
    {
        float[][] expected = golden.Logits.Deserialize<float[][]>()!,
            probabilities = golden.Probabilities.Deserialize<float[][]>()!;
        float[] logits = new float[workspace.Model.Head.OutputCount];
        for (int row = 0; row < batch.Count; row++)
        {
            ClassifierHead.SequenceLogits(workspace.Model, workspace, batch, row, logits);
            Difference(logits, expected[row]).Should().BeLessThan(HeadTolerance);
            logits.AsSpan().IndexOf(logits.Max()).Should().Be(Array.IndexOf(expected[row], expected[row].Max()));
            Probabilities.Softmax(logits);
            Difference(logits, probabilities[row]).Should().BeLessThan(ProbabilityTolerance);
        }
    }

    private static void CheckChoices(GoldenCase golden, GauBatch batch, GauWorkspace workspace)
    {
        float[][] expected = golden.Logits.Deserialize<float[][]>()!,
            probabilities = golden.Probabilities.Deserialize<float[][]>()!;
        for (int row = 0; row < expected.Length; row++)
        {
            float[] logits = new float[2];
            for (int choice = 0; choice < 2; choice++)
                ClassifierHead.SequenceLogits(
                    workspace.Model, workspace, batch, 2 * row + choice, logits.AsSpan(choice, 1));
            Difference(logits, expected[row]).Should().BeLessThan(HeadTolerance);
            Probabilities.Softmax(logits);
            Difference(logits, probabilities[row]).Should().BeLessThan(ProbabilityTolerance);
        }
    }

    private static void CheckTokens(GoldenCase golden, GauBatch batch, GauWorkspace workspace)
    {
        float[][][] expected = golden.Logits.Deserialize<float[][][]>()!;
        float[] logits = new float[workspace.Model.Head.OutputCount];
        for (int row = 0; row < batch.Count; row++)
            for (int i = 0; i < batch.Length(row); i++)
            {
                ClassifierHead.TokenLogits(workspace.Model, workspace, batch.Start(row) + i, logits);
                Difference(logits, expected[row][i]).Should().BeLessThan(HeadTolerance);
            }
    }

    private static void CheckSpans(GoldenCase golden, GauBatch batch, GauWorkspace workspace)
    {
        float[] logits = new float[2];
        for (int row = 0; row < batch.Count; row++)
            for (int i = 0; i < batch.Length(row); i++)
            {
                ClassifierHead.TokenLogits(workspace.Model, workspace, batch.Start(row) + i, logits);
                Difference(
                    logits, [golden.StartLogits[row][i], golden.EndLogits[row][i]]).Should().BeLessThan(HeadTolerance);
            }
    }

    /// <summary>max |a − b|; infinite where either is no number.</summary>
    internal static double Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
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
