using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>Every activation that an architecture may have, in its layers and in its masked LM.</summary>
public sealed class HiddenActTests
{
    private const double MaskedLmTolerance = 2e-3;   // tests/fixtures/README.md

    public static TheoryData<Architecture, Activation, string> Cases()
    {
        TheoryData<Architecture, Activation, string> data = [];
        foreach (ArchitectureTraits entry in ArchitectureTraits.All)
            foreach (Activation activation in entry.Activations)
                foreach (string tier in KernelTiers.Available)
                    data.Add(entry.Architecture, activation, tier);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MaskedLm_EveryActivation_MatchesTheOracle(Architecture architecture, Activation activation, string tier)
    {
        TestModel fixture = TestModel.Random(TestModel.ConfigOf(architecture) with { HiddenAct = activation }, seed: 5);
        using TemporaryFolder folder = new();
        using GauModel model = fixture.Load(folder.Path("m.safetensors"), WeightType.F32, tier);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        (int[] ids, int[] segments, int[] positions) = ForwardTests.Text(fixture.Config, 19, holes: false);
        batch.Add(ids, segments, positions);
        GauEncoder.Forward(model, batch, workspace);
        Oracle oracle = new(fixture);
        double[][] hidden = oracle.Forward(ids, segments, positions);
        float[] logits = new float[ids.Length * fixture.Config.VocabSize];
        MaskedLmHead.Logits(model, workspace, [.. Enumerable.Range(0, ids.Length)], logits);
        for (int token = 0; token < ids.Length; token++)
        {
            double[] expected = oracle.MaskedLm(hidden[token]);
            for (int id = 0; id < expected.Length; id++)
                ((double)logits[token * expected.Length + id]).Should().BeApproximately(expected[id], MaskedLmTolerance);
        }
    }

    [Theory]
    [InlineData(WeightType.F32)]
    [InlineData(WeightType.Int8)]
    public void Forward_TanhWarmedUp_AllocatesNothing(WeightType type)
    {
        using TemporaryFolder folder = new();
        using GauModel model = TestModel.Random(TestModel.BertConfig(e: 300) with { HiddenAct = Activation.Tanh }, seed: 3)
            .Load(folder.Path("m.safetensors"), type, KernelTiers.Available[0]);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        int[] text = [.. Enumerable.Range(5, 40)], tokens = [0, 1];
        float[] logits = new float[2 * model.Config.VocabSize];
        Allocation.Least(0, () =>
        {
            batch.Clear();
            batch.Add(text);
            GauEncoder.Forward(model, batch, workspace);
            MaskedLmHead.Logits(model, workspace, tokens, logits);
        }).Should().Be(0);
    }
}
