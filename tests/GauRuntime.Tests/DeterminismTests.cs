using MemoryMarshal = System.Runtime.InteropServices.MemoryMarshal;
using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>
/// A text's bits do not depend on its neighbours, their order or the thread; a warm pass allocates nothing.
/// </summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, WeightType> Cases()
    {
        TheoryData<string, WeightType> data = [];
        foreach (string tier in KernelTiers.Available)
            foreach (WeightType type in Enum.GetValues<WeightType>())
                data.Add(tier, type);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_AloneInABatchOf64ShuffledOnTwoThreads_SameBits(string tier, WeightType type)
    {
        foreach (Architecture architecture in Enum.GetValues<Architecture>())
        {
            using GauModel model = Model(tier, type, architecture);
            int[][] texts = Texts(model.Config);
            float[][] alone = [.. texts.Select(text => Hidden(model, [text])[0])];
            ShouldBe(Hidden(model, texts), alone, "in a batch of 64");

            int[] order = [.. Enumerable.Range(0, texts.Length)];
            new Random(5).Shuffle(order);
            float[][] shuffled = Hidden(model, [.. order.Select(i => texts[i])]);
            ShouldBe(shuffled, [.. order.Select(i => alone[i])], "shuffled");

            float[][][] threads = new float[2][][];
            Thread[] workers = [.. Enumerable.Range(0, 2).Select(t => new Thread(() => threads[t] = Hidden(model, texts[(32 * t)..(32 * t + 32)])))];
            foreach (Thread worker in workers)
                worker.Start();
            foreach (Thread worker in workers)
                worker.Join();
            ShouldBe([.. threads[0], .. threads[1]], alone, "on two threads");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_WarmedUp_AllocatesNothing(string tier, WeightType type)
    {
        foreach (Architecture architecture in Enum.GetValues<Architecture>())
        {
            using GauModel model = Model(tier, type, architecture);
            using GauWorkspace workspace = new(model);
            GauBatch batch = new();
            float[] logits = new float[model.Head.OutputCount], mlm = new float[2 * model.Config.VocabSize];
            int[][] texts = Texts(model.Config);
            int[] tokens = [0, 1], counts = [64, 1, 7, 33];   // arrays: in Debug, span literals allocate
            void Pass(int count)
            {
                batch.Clear();
                foreach (int[] text in texts.AsSpan(0, count))
                    batch.Add(text);
                GauEncoder.Forward(model, batch, workspace);
                ClassifierHead.SequenceLogits(model, workspace, batch, 0, logits);
                MaskedLmHead.Logits(model, workspace, tokens, mlm);
                Probabilities.Softmax(logits);
            }
            Allocation.Least(0, () =>
            {
                foreach (int count in counts)
                    Pass(count);
            }).Should().Be(0);
        }
    }

    public static TheoryData<string, WeightType, AttentionType> AttentionCases()
    {
        TheoryData<string, WeightType, AttentionType> data = [];
        foreach (string tier in KernelTiers.Available)
            foreach (WeightType type in Enum.GetValues<WeightType>())
                foreach (AttentionType attention in Enum.GetValues<AttentionType>())
                    data.Add(tier, type, attention);
        return data;
    }

    [Theory]
    [MemberData(nameof(AttentionCases))]
    public void Forward_ThreadsOfAPool_SameBitsAsOne(string tier, WeightType type, AttentionType attention)
    {
        foreach (Architecture architecture in Enum.GetValues<Architecture>())
        {
            using GauModel model = Model(tier, type, architecture, attention);
            int[][] texts = LongTexts(model.Config);
            float[][] alone = [.. texts.Select(text => Hidden(model, [text])[0])];
            foreach (int threads in (ReadOnlySpan<int>)[2, 3, 7])
            {
                using WorkerPool pool = new(threads);
                // Up to 128 tokens the workers share columns, of one text or of several.
                for (int i = 0; i < texts.Length && texts[i].Length <= 128; i++)
                    ShouldBe(
                        Hidden(model, [texts[i]], pool), [alone[i]], $"{texts[i].Length} tokens on {threads} threads");
                ShouldBe(
                    Hidden(model, [texts[2], texts[0], texts[1]], pool), [alone[2], alone[0], alone[1]],
                    $"few on {threads} threads");
                ShouldBe(Hidden(model, texts, pool), alone, $"all on {threads} threads");
                ShouldBe(Hidden(model, [texts[^1]], pool), [alone[^1]], $"the longest on {threads} threads");
            }
        }
    }

    /// <summary>
    /// Short texts, whose workers share the columns of every product: heads and blocks that do not meet, columns that
    /// are no whole blocks, biases, matrices stored in several ways, more workers than units or rows.
    /// </summary>
    [Theory]
    [MemberData(nameof(AttentionCases))]
    public void Forward_ShortTextsOfAnyShape_SharedColumnsGiveTheBitsOfOne(
        string tier, WeightType type, AttentionType attention)
    {
        (string Name, ModelConfig Config, StorageScheme Scheme)[] models =
        [
            ("gau", TestModel.GauConfig(v: 90, h: 80, e: 330, s: 20) with { UseBias = true }, new(type, 32)),
            ("gau256", TestModel.GauConfig(v: 90, h: 80, e: 330, s: 20), new(type, 256)),
            ("heads", TestModel.RoFormerConfig(v: 90, h: 144, e: 330, heads: 3, s: 48), new(type, 64)),
            ("heads256", TestModel.RoFormerConfig(v: 90, h: 120, e: 200, heads: 12, s: 10), new(type, 256)),
            ("mixed", TestModel.RoFormerConfig(v: 90, h: 96, e: 160, heads: 2, s: 48), new(type, 64,
            [
                new("layers.0.attention.output", WeightType.F32, 0), new("layers.1.ffn.output", WeightType.Int8, 32),
            ])),
            ("bert", TestModel.BertConfig(v: 90, h: 144, e: 330, heads: 3), new(type, 64)),
            ("narrow", TestModel.RoFormerV1Config(v: 90, h: 96, e: 160, heads: 2) with { EmbeddingSize = 70 },
                new(type, 32)),
            ("values", TestModel.RoFormerV1Config(v: 90, h: 144, e: 200, heads: 3) with { RotaryValue = true },
                new(type, 64)),
        ];
        foreach ((string name, ModelConfig config, StorageScheme scheme) in models)
        {
            using GauModel model = TestModel.Random(config with { Attention = attention }, 4)
                .Load(folder.Path($"{name}{type}{attention}.safetensors"), scheme, tier);
            int[][] texts = [.. LongTexts(model.Config).TakeWhile(text => text.Length <= 128), [5, 6, 7]];
            float[][] alone = [.. texts.Select(text => Hidden(model, [text])[0])];
            foreach (int threads in (ReadOnlySpan<int>)[2, 3, 4])
            {
                using WorkerPool pool = new(threads);
                for (int i = 0; i < texts.Length; i++)
                    ShouldBe(
                        Hidden(model, [texts[i]], pool), [alone[i]],
                        $"{name}: {texts[i].Length} tokens on {threads} threads");
                ShouldBe(
                    Hidden(model, [texts[2], texts[^1], texts[0]], pool), [alone[2], alone[^1], alone[0]],
                    $"{name}: several on {threads} threads");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Forward_FewTokensAndAPool_WorkersShareColumns(Architecture architecture)
    {
        using GauModel model = Model(KernelTiers.Available[0], WeightType.Int8, architecture);
        using WorkerPool pool = new(2);
        using GauWorkspace workspace = new(model, pool), lone = new(model);
        foreach ((int tokens, bool shared) in (ReadOnlySpan<(int, bool)>)[(1, true), (64, true), (128, false)])
        {
            GauBatch batch = new();
            batch.Add(new int[tokens]);
            GauEncoder.Forward(model, batch, workspace);
            GauEncoder.Forward(model, batch, lone);
            (workspace.Layout.SharesColumns, lone.Layout.SharesColumns).Should().Be((shared, false));
        }
    }

    public void Dispose() => folder.Dispose();

    private GauModel Model(
        string tier, WeightType type, Architecture architecture, AttentionType attention = AttentionType.Int8)
    {
        ModelConfig config = TinyModel.ConfigOf(architecture, v: 300, h: 96, e: 160) with { Attention = attention };
        if (config.Traits.HasVariants)
            config = config with { EmbeddingSize = 70 };
        return TestModel.Random(config, 9, TinyModel.HeadOf(architecture, HeadKind.SequenceClassification))
            .Load(folder.Path($"{architecture}{type}{attention}.safetensors"), type, tier);
    }

    private static int[][] Texts(ModelConfig config)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, 64).Select(i =>
            Enumerable.Range(0, i == 40 ? 150 : random.Next(1, 60)).Select(
                _ => random.Next(config.VocabSize)).ToArray())];
    }

    /// <summary>Texts around the sizes of blocks, chunks and tiles of keys.</summary>
    private static int[][] LongTexts(ModelConfig config)
    {
        Random random = new(2);
        return [.. new[] { 1, 16, 63, 64, 65, 128, 130, 1100 }.Select(
            n => Enumerable.Range(0, n).Select(_ => random.Next(config.VocabSize)).ToArray())];
    }

    // Bits, and not one by one: there are millions.
    private static void ShouldBe(float[][] found, float[][] expected, string where)
    {
        found.Should().HaveSameCount(expected, where);
        for (int i = 0; i < found.Length; i++)
            MemoryMarshal.AsBytes<float>(found[i]).SequenceEqual(MemoryMarshal.AsBytes<float>(expected[i])).Should()
                .BeTrue("text {0} has the same bits {1}", i, where);
    }

    private static float[][] Hidden(GauModel model, int[][] texts, WorkerPool? pool = null)
    {
        using GauWorkspace workspace = new(model, pool);
        GauBatch batch = new();
        foreach (int[] text in texts)
            batch.Add(text);
        GauEncoder.Forward(model, batch, workspace);
        float[][] hidden = new float[texts.Length][];
        for (int text = 0; text < texts.Length; text++)
        {
            List<float> values = [];
            for (int i = 0; i < batch.Length(text); i++)
                values.AddRange(workspace.Hidden(batch.Start(text) + i));
            hidden[text] = [.. values];
        }
        return hidden;
    }
}
