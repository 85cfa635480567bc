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
            foreach (WeightType type in Enum.GetValues<WeightType>()) data.Add(tier, type);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_AloneInABatchOf64ShuffledOnTwoThreads_SameBits(string tier, WeightType type)
    {
        using GauModel model = Model(tier, type);
        int[][] texts = Texts(model.Config);
        float[][] alone = [.. texts.Select(text => Hidden(model, [text])[0])];
        Hidden(model, texts).Should().BeEquivalentTo(alone, options => options.WithStrictOrdering());

        int[] order = [.. Enumerable.Range(0, texts.Length)];
        new Random(5).Shuffle(order);
        float[][] shuffled = Hidden(model, [.. order.Select(i => texts[i])]);
        for (int i = 0; i < order.Length; i++) shuffled[i].Should().Equal(alone[order[i]]);

        float[][][] threads = new float[2][][];
        Thread[] workers = [.. Enumerable.Range(0, 2).Select(t => new Thread(() => threads[t] = Hidden(model, texts[(32 * t)..(32 * t + 32)])))];
        foreach (Thread worker in workers) worker.Start();
        foreach (Thread worker in workers) worker.Join();
        float[][] parallel = [.. threads[0], .. threads[1]];
        for (int i = 0; i < texts.Length; i++) parallel[i].Should().Equal(alone[i]);
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
                foreach (int[] text in texts.AsSpan(0, count)) batch.Add(text);
                GauEncoder.Forward(model, batch, workspace);
                ClassifierHead.SequenceLogits(model, workspace, batch, 0, logits);
                MaskedLmHead.Logits(model, workspace, tokens, mlm);
                Probabilities.Softmax(logits);
            }
            Allocation.Least(0, () =>
            {
                foreach (int count in counts) Pass(count);
            }).Should().Be(0);
        }
    }

    public static TheoryData<string, WeightType, AttentionType> AttentionCases()
    {
        TheoryData<string, WeightType, AttentionType> data = [];
        foreach (string tier in KernelTiers.Available)
            foreach (WeightType type in Enum.GetValues<WeightType>())
                foreach (AttentionType attention in Enum.GetValues<AttentionType>()) data.Add(tier, type, attention);
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
                    Hidden(model, [texts[i]], pool)[0].Should().Equal(
                        alone[i], "{0} tokens alone on {1} threads", texts[i].Length, threads);
                float[][] few = Hidden(model, [texts[2], texts[0], texts[1]], pool);
                few.Should().BeEquivalentTo(
                    new[] { alone[2], alone[0], alone[1] }, options => options.WithStrictOrdering());
                float[][] together = Hidden(model, texts, pool), longest = Hidden(model, [texts[^1]], pool);
                for (int i = 0; i < texts.Length; i++)
                    together[i].Should().Equal(alone[i], "{0} tokens on {1} threads", texts[i].Length, threads);
                longest[0].Should().Equal(alone[^1]);
            }
        }
    }

    public void Dispose() => folder.Dispose();

    private GauModel Model(
        string tier, WeightType type, Architecture architecture = Architecture.GauAlpha,
        AttentionType attention = AttentionType.Int8)
    {
        ModelConfig config = architecture == Architecture.GauAlpha
            ? TestModel.GauConfig(v: 300, h: 80, e: 160, s: 32)
            : TestModel.RoFormerConfig(v: 300, h: 96, e: 160, heads: 2, s: 48);
        HeadConfig head = TestModel.NoHead with
        {
            Kind = HeadKind.SequenceClassification, Labels = ["a", "b", "c"],
            HasDense = architecture == Architecture.RoFormerV2,
        };
        return TestModel.Random(config with { Attention = attention }, 9, head)
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

    private static float[][] Hidden(GauModel model, int[][] texts, WorkerPool? pool = null)
    {
        using GauWorkspace workspace = new(model, pool);
        GauBatch batch = new();
        foreach (int[] text in texts) batch.Add(text);
        GauEncoder.Forward(model, batch, workspace);
        float[][] hidden = new float[texts.Length][];
        for (int text = 0; text < texts.Length; text++)
        {
            List<float> values = [];
            for (int i = 0; i < batch.Length(text); i++) values.AddRange(workspace.Hidden(batch.Start(text) + i));
            hidden[text] = [.. values];
        }
        return hidden;
    }
}
