using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Encoder;

/// <summary>The weights that a pass hands out, against the float64 oracle's.</summary>
public sealed class AttentionMapTests
{
    private static readonly int[] Lengths = [1, 17, 64, 65, 200, 600];

    public static TheoryData<bool, AttentionType, Normalization, int> Cases()
    {
        TheoryData<bool, AttentionType, Normalization, int> data = [];
        foreach (bool gau in (ReadOnlySpan<bool>)[true, false])
            foreach (AttentionType type in Enum.GetValues<AttentionType>())
                foreach (Normalization normalization in Enum.GetValues<Normalization>())
                    foreach (int threads in (ReadOnlySpan<int>)[1, 3])
                        data.Add(gau, type, normalization, threads);
        return data;
    }

    /// <summary>
    /// Floats: rounding only. Int8: a weight is rounded to 1/127 of the largest of its 64 keys, and q and k before it;
    /// what that makes of weights, and of their sum, is bounded by what these models show.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Maps_AnyModel_AreTheOraclesWeights(bool gau, AttentionType type, Normalization normalization, int threads)
    {
        ModelConfig config = (gau ? TestModel.GauConfig() : TestModel.RoFormerConfig()) with
        {
            Attention = type, Normalization = normalization,
        };
        TestModel fixture = TestModel.Random(config, seed: 7);
        using TemporaryFolder folder = new();
        using GauModel model = fixture.Load(folder.Path("m.safetensors"), WeightType.F32, KernelTiers.Available[0]);
        using WorkerPool pool = new(threads);
        using GauWorkspace workspace = new(model, pool);
        AttentionMaps maps = new();
        workspace.Maps = maps;
        foreach (int n in Lengths.Where(n => n < 600 || threads == 3))
        {
            int[] ids = [.. Enumerable.Range(0, n).Select(i => 5 + i * 7 % 40)];
            GauBatch batch = new();
            batch.Add(ids);
            GauEncoder.Forward(model, batch, workspace);
            Oracle oracle = new(fixture);
            oracle.Forward(ids, new int[n], [.. Enumerable.Range(0, n)]);
            (maps.Tokens, maps.Layers, maps.Heads).Should().Be((n, config.LayerCount, config.HeadCount));
            double error = 0, sum = 0;
            for (int layer = 0; layer < config.LayerCount; layer++)
                for (int head = 0; head < config.HeadCount; head++)
                    for (int query = 0; query < n; query++)
                    {
                        double[] expected = oracle.Weights[layer * config.HeadCount + head][query];
                        float[] row = maps.Row(layer, head, query).ToArray();
                        double size = Math.Max(1, expected.Sum());   // that of squared ReLU has no bound
                        error = Math.Max(error, row.Zip(expected, (x, y) => Math.Abs(x - y)).Max() / size);
                        sum = Math.Max(sum, Math.Abs(row.Sum(x => (double)x) - expected.Sum()) / size);
                        if (normalization != Normalization.SquaredRelu)
                            expected.Sum().Should().BeApproximately(1, 1e-12);
                    }
            error.Should().BeLessThan(type == AttentionType.Int8 ? 0.06 : 1e-5, "{0} tokens", n);
            sum.Should().BeLessThan(type == AttentionType.Int8 ? 0.06 : 1e-5, "{0} tokens", n);
        }
    }

    [Fact]
    public void Maps_Given_ChangeNoBit()
    {
        TestModel fixture = TestModel.Random(TestModel.GauConfig() with { Attention = AttentionType.Int8 }, seed: 3);
        using TemporaryFolder folder = new();
        using GauModel model = fixture.Load(folder.Path("m.safetensors"), WeightType.Int8, KernelTiers.Available[0]);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add([.. Enumerable.Range(5, 40)]);
        GauEncoder.Forward(model, batch, workspace);
        float[] without = workspace.Hidden(39).ToArray();
        workspace.Maps = new AttentionMaps();
        GauEncoder.Forward(model, batch, workspace);
        workspace.Hidden(39).ToArray().Should().Equal(without);
    }

    [Fact]
    public void Maps_OfSeveralOrVeryLongTexts_AreRefused()
    {
        TestModel fixture = TestModel.Random(TestModel.GauConfig(), seed: 3);
        using TemporaryFolder folder = new();
        using GauModel model = fixture.Load(folder.Path("m.safetensors"), WeightType.F32, KernelTiers.Available[0]);
        using GauWorkspace workspace = new(model) { Maps = new AttentionMaps() };
        GauBatch two = new(), longOne = new();
        two.Add([5, 6]);
        two.Add([7]);
        longOne.Add(new int[AttentionMaps.MostTokens + 1]);
        foreach (GauBatch batch in (GauBatch[])[two, longOne])
        {
            Action forward = () => GauEncoder.Forward(model, batch, workspace);
            forward.Should().Throw<ArgumentException>().WithMessage("*one text of at most 1024 tokens*");
        }
    }
}
