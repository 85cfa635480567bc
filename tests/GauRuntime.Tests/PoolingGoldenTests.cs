using System.Text.Json;
using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>
/// All ways to pool, over hidden states that are given: <c>pooling.json</c> of <c>tests/fixtures/st-tiny</c>, which
/// sentence-transformers' own code agrees with to 9e-16.
/// </summary>
public sealed unsafe class PoolingGoldenTests : IDisposable
{
    private const float Tolerance = 1e-5f;
    private const int Hidden = 32;

    private readonly TemporaryFolder folder = new();
    private readonly JsonElement golden =
        JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("st-tiny", "pooling.json"))).RootElement;
    private readonly GauModel model;
    private readonly GauWorkspace workspace;
    private readonly GauBatch batch = new();

    public PoolingGoldenTests()
    {
        model = TestModel.Random(TestModel.GauConfig(h: Hidden), seed: 1)
            .Load(folder.Path("m"), WeightType.F32, KernelTiers.Current);
        workspace = new GauWorkspace(model);
        JsonElement[] masks = [.. golden.GetProperty("attention_mask").EnumerateArray()];
        foreach (JsonElement mask in masks)
            batch.Add(new int[mask.EnumerateArray().Sum(kept => kept.GetInt32())]);
        GauEncoder.Forward(model, batch, workspace);
        for (int text = 0; text < masks.Length; text++)
            for (int token = 0; token < batch.Length(text); token++)
                for (int i = 0; i < Hidden; i++)
                    workspace.X[(batch.Start(text) + token) * workspace.HiddenStride + i] =
                        golden.GetProperty("hidden")[text][token][i].GetSingle();
    }

    public void Dispose()
    {
        workspace.Dispose();
        model.Dispose();
        folder.Dispose();
    }

    public static TheoryData<string> Modes => [.. PoolingName.All];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Pool_GivenHiddenStates_GivesTheGolden(string mode)
    {
        JsonElement expected = golden.GetProperty("pooled").GetProperty(mode);
        for (int text = 0; text < batch.Count; text++)
            Pooled([PoolingName.Parse(mode)!.Value], text).Should().BeCloseTo(expected[text]);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Pool_PromptIsLeftOut_GivesTheGolden(string mode)
    {
        JsonElement without = golden.GetProperty("without_prompt"), expected = without.GetProperty("pooled");
        int prompt = without.GetProperty("prompt_length").GetInt32();
        foreach (JsonElement row in without.GetProperty("rows").EnumerateArray())
            Pooled([PoolingName.Parse(mode)!.Value], row.GetInt32(), prompt)
                .Should().BeCloseTo(expected.GetProperty(mode)[row.GetInt32()]);
    }

    [Fact]
    public void Pool_SeveralModes_StandOneBehindTheOther()
    {
        JsonElement expected = golden.GetProperty("concatenated");
        Pooling[] modes =
        [
            .. expected.GetProperty("modes").EnumerateArray().Select(mode => PoolingName.Parse(mode.GetString()!)!.Value),
        ];
        for (int text = 0; text < batch.Count; text++)
            Pooled(modes, text).Should().BeCloseTo(expected.GetProperty("value")[text]);
    }

    [Fact]
    public void Pool_Normalized_GivesTheGolden()
    {
        for (int text = 0; text < batch.Count; text++)
            Pooled([Pooling.Mean], text, normalize: true)
                .Should().BeCloseTo(golden.GetProperty("normalized_mean")[text]);
    }

    [Fact]
    public void Pool_PromptIsAllThereIs_KeepsTheLastToken() =>
        Pooled([Pooling.Mean], text: 2, leftOut: 9).Should().Equal(workspace.Hidden(batch.Start(2) + 1).ToArray());

    private Vector Pooled(Pooling[] modes, int text, int leftOut = 0, bool normalize = false)
    {
        EmbeddingConfig config = TinyModel.Embedding with { Poolings = modes };
        float[] vector = new float[modes.Length * Hidden];
        new EmbeddingLayers(model, config, normalize).TryVector(workspace, batch, text, leftOut, vector)
            .Should().BeTrue();
        return new Vector(vector);
    }

    private sealed record Vector(float[] Values)
    {
        public Vector Should() => this;

        public void BeCloseTo(JsonElement expected)
        {
            Values.Length.Should().Be(expected.GetArrayLength());
            for (int i = 0; i < Values.Length; i++)
                Values[i].Should().BeApproximately(expected[i].GetSingle(), Tolerance, "number {0}", i);
        }

        public void Equal(float[] expected) => Values.Should().Equal(expected);
    }
}
