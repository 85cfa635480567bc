using MemoryMarshal = System.Runtime.InteropServices.MemoryMarshal;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Encoder;

/// <summary>Passes of which some of the last hidden states are read: the bits of a whole pass, and no others.</summary>
public sealed class LastRowsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Every architecture and what its layers may have: biases, rotated values, one layer, odd sizes.</summary>
    private static Dictionary<string, ModelConfig> Models { get; } = new()
    {
        ["gau"] = TestModel.GauConfig(v: 90, h: 80, e: 330, s: 20) with { UseBias = true },
        ["one"] = TestModel.GauConfig(v: 90, h: 48, e: 96, s: 64, layers: 1),
        ["heads"] = TestModel.RoFormerConfig(v: 90, h: 144, e: 200, heads: 3, s: 48),
        ["bert"] = TestModel.BertConfig(v: 90, h: 96, e: 160, heads: 2, layers: 1),
        ["narrow"] = TestModel.RoFormerV1Config(v: 90, h: 96, e: 160, heads: 2) with { EmbeddingSize = 70 },
        ["values"] = TestModel.RoFormerV1Config(v: 90, h: 96, e: 160, heads: 3) with { RotaryValue = true },
    };

    public static TheoryData<string, string, WeightType, AttentionType> Cases()
    {
        TheoryData<string, string, WeightType, AttentionType> data = [];
        foreach (string name in Models.Keys)
            foreach (string tier in KernelTiers.Available)
                foreach (WeightType type in Enum.GetValues<WeightType>())
                    foreach (AttentionType attention in Enum.GetValues<AttentionType>())
                        data.Add(name, tier, type, attention);
        return data;
    }

    /// <summary>
    /// One text and several, by rows and by columns: their first tokens, their last, one in nine, runs of tokens, as many
    /// as are still few and one more, none.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_SomeTokensRead_GivesTheBitsOfAWholePass(
        string name, string tier, WeightType type, AttentionType attention)
    {
        using GauModel model = Load(name, Models[name] with { Attention = attention }, type, tier);
        using GauWorkspace whole = new(model);
        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3])
        {
            using WorkerPool pool = new(threads);
            using GauWorkspace some = new(model, pool);
            foreach (int[] lengths in (int[][])[[1], [40], [128], [3, 17, 30], [1, 65, 130, 64, 2, 90]])
            {
                GauBatch batch = Batch(model, lengths);
                GauEncoder.Forward(model, batch, whole);
                foreach (int[] read in Reads(batch))
                {
                    GauEncoder.Forward(model, batch, some, read);
                    foreach (int token in read)
                        if (!Bits(some, token).SequenceEqual(Bits(whole, token)))
                            Assert.Fail(
                                $"token {token} of {string.Join(' ', lengths)} on {threads} threads, {read.Length} read");
                }
            }
        }
    }

    /// <summary>Several tiles of keys, and more rows than a chunk has.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_SomeTokensOfALongText_GivesTheBitsOfAWholePass(
        string name, string tier, WeightType type, AttentionType attention)
    {
        using GauModel model = Load(name, Models[name] with { Attention = attention }, type, tier);
        using WorkerPool pool = new(2);
        using GauWorkspace whole = new(model, pool), some = new(model, pool), alone = new(model);
        GauBatch batch = Batch(model, [7, 1100, 5]);
        GauEncoder.Forward(model, batch, whole);
        int[] read = [.. Enumerable.Range(0, batch.TokenCount).Where(token => token % 4 == 1)];
        foreach (GauWorkspace workspace in (GauWorkspace[])[some, alone])
        {
            GauEncoder.Forward(model, batch, workspace, read);
            workspace.Last.ChunkCount.Should().Be(3);
            foreach (int token in read)
                if (!Bits(workspace, token).SequenceEqual(Bits(whole, token)))
                    Assert.Fail($"token {token}");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Forward_SomeTokensReadAndWarm_AllocatesNothing(Architecture architecture)
    {
        using GauModel model = Load(
            "warm", TestModel.ConfigOf(architecture), WeightType.Int8, KernelTiers.Available[0]);
        using GauWorkspace workspace = new(model);
        GauBatch[] batches = [Batch(model, [9, 70, 200]), Batch(model, [3]), Batch(model, [30, 30])];
        int[][] reads = [[0, 9, 79], [0], [7, 30, 31]];
        Allocation.Least(0, () =>
        {
            for (int i = 0; i < batches.Length; i++)
                GauEncoder.Forward(model, batches[i], workspace, reads[i]);
        }).Should().Be(0);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void Hidden_OfATokenThatIsNotRead_IsRefusedHoweverManyAre(int count, bool few)
    {
        using GauModel model = Tiny();
        using GauWorkspace workspace = new(model);
        GauBatch batch = Batch(model, [9]);
        GauEncoder.Forward(model, batch, workspace, [.. Enumerable.Range(0, count)]);
        workspace.Last.AreFew.Should().Be(few);
        workspace.Hidden(count - 1).Length.Should().Be(model.Config.HiddenSize);
        FluentActions.Invoking(() => workspace.Hidden(8).Length).Should().Throw<InvalidOperationException>()
            .WithMessage("the last hidden state of token 8 was not asked for*");
        GauEncoder.Forward(model, batch, workspace);
        workspace.Hidden(8).Length.Should().Be(model.Config.HiddenSize);
    }

    [Theory]
    [InlineData(new[] { 3, 3 }, "token 3 after 3*")]
    [InlineData(new[] { 4, 2 }, "token 2 after 4*")]
    [InlineData(new[] { -1 }, "token -1 after -1*")]
    [InlineData(new[] { 0, 9 }, "token 9 after 0: tokens that are read ascend, below 9*")]
    public void Forward_TokensThatAreNoneOrDoNotAscend_IsRefused(int[] read, string message)
    {
        using GauModel model = Tiny();
        using GauWorkspace workspace = new(model);
        FluentActions.Invoking(() => GauEncoder.Forward(model, Batch(model, [9]), workspace, read))
            .Should().Throw<ArgumentException>().WithMessage(message);
        FluentActions.Invoking(() => workspace.Hidden(0).Length).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Forward_OneTokenReadAndMaps_TakesTheWeightsOfAll()
    {
        using GauModel model = Tiny();
        using GauWorkspace workspace = new(model);
        GauBatch batch = Batch(model, [9]);
        AttentionMaps whole = new(), some = new();
        workspace.Maps = whole;
        GauEncoder.Forward(model, batch, workspace);
        workspace.Maps = some;
        GauEncoder.Forward(model, batch, workspace, [0]);
        for (int query = 0; query < 9; query++)
            some.Row(model.Config.LayerCount - 1, 0, query).ToArray().Should().Equal(
                whole.Row(model.Config.LayerCount - 1, 0, query).ToArray());
    }

    private static IEnumerable<int[]> Reads(GauBatch batch)
    {
        IEnumerable<int> all = Enumerable.Range(0, batch.TokenCount), texts = Enumerable.Range(0, batch.Count);
        yield return [.. texts.Select(batch.Start)];
        yield return [.. texts.Select(text => batch.Start(text) + batch.Length(text) - 1)];
        yield return [.. all.Where(token => token % 9 == 4)];
        yield return [.. all.Where(token => token / 20 % 2 == 1)];
        yield return [.. all.Take(batch.TokenCount * 7 / 8)];
        yield return [.. all.Skip(batch.TokenCount - batch.TokenCount * 7 / 8 - 1)];
        yield return [];
    }

    private static GauBatch Batch(GauModel model, int[] lengths)
    {
        Random random = new(lengths.Length);
        GauBatch batch = new();
        foreach (int length in lengths)
            batch.Add([.. Enumerable.Range(0, length).Select(_ => random.Next(model.Config.VocabSize))]);
        return batch;
    }

    private static ReadOnlySpan<byte> Bits(GauWorkspace workspace, int token) =>
        MemoryMarshal.AsBytes(workspace.Hidden(token));

    private GauModel Tiny() =>
        Load("tiny", TestModel.GauConfig(), WeightType.F32, KernelTiers.Available[0]);

    private GauModel Load(string name, ModelConfig config, WeightType type, string tier) =>
        TestModel.Random(config, 4).Load(folder.Path($"{name}{type}{config.Attention}.safetensors"), type, tier);
}
