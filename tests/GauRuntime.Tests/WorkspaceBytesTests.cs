using CsCheck;
using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>What buffers are said to take at most, against what they took.</summary>
public sealed class WorkspaceBytesTests
{
    private static readonly ModelConfig[] Configs =
    [
        TestModel.GauConfig(),
        TestModel.GauConfig(h: 64, e: 128, s: 64),
        TestModel.GauConfig(h: 96, e: 192, s: 32) with { Attention = AttentionType.Int8 },
        TestModel.GauConfig(h: 64, e: 128, s: 64) with { Attention = AttentionType.Int8, UseBias = true },
        TestModel.RoFormerConfig(h: 64, e: 256, heads: 2, s: 32),
        TestModel.RoFormerConfig(h: 64, e: 256, heads: 2, s: 32) with { Attention = AttentionType.Int8 },
        TestModel.BertConfig(h: 64, e: 256, heads: 2, positions: 4200) with { Attention = AttentionType.Int8 },
        TestModel.RoFormerV1Config(h: 64, e: 256, heads: 2) with { EmbeddingSize = 200 },
    ];

    [Fact]
    public void BytesFor_AnyBatches_IsNeverExceeded() =>
        Gen.Select(
            Gen.Int[0, Configs.Length - 1], Gen.Bool, Gen.OneOf(Gen.Int[1, 60], Gen.Int[1, 700]).Array[1, 6],
            Gen.Int[1, 3]).Sample(
            (number, int8, lengths, threads) =>
            {
                using TemporaryFolder folder = new();
                using GauModel model = Load(folder, Configs[number], int8 ? WeightType.Int8 : WeightType.F32);
                using WorkerPool pool = new(threads);
                using GauWorkspace workspace = new(model, pool);
                GauBatch batch = new();
                foreach (int length in lengths)
                {
                    batch.Add(new int[length]);
                    Compute(model, batch, workspace);
                }
                workspace.Bytes.Should().BeLessThanOrEqualTo(
                    workspace.BytesFor(lengths.Sum(), lengths.Length), "{0}, {1}, {2} threads", number,
                    string.Join(' ', lengths), threads);
            },
            iter: 60);

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void BytesFor_WhatWasComputed_IsNotFarAboveIt(int texts)
    {
        foreach (ModelConfig config in Configs)
        {
            using TemporaryFolder folder = new();
            using GauModel model = Load(folder, config, WeightType.F32);
            using GauWorkspace workspace = new(model);
            GauBatch batch = new();
            for (int i = 0; i < texts; i++)
                batch.Add(new int[1025 / texts]);
            Compute(model, batch, workspace);
            workspace.BytesFor(batch.TokenCount, texts).Should().BeLessThan(2 * workspace.Bytes);
        }
    }

    [Fact]
    public void Reserve_BeforeSmallerBatches_LeavesOnlyTheWorkersBuffersToTake()
    {
        const int Tokens = 300, Texts = 6;
        foreach (ModelConfig config in Configs)
        {
            using TemporaryFolder folder = new();
            using GauModel model = Load(folder, config, WeightType.Int8);
            using GauWorkspace workspace = new(model);
            workspace.Reserve(Tokens, Texts);
            long reserved = workspace.Attention.Bytes;
            reserved.Should().BePositive();
            GauBatch batch = new();
            for (int i = 0; i < Texts; i++)
            {
                batch.Add(new int[Tokens / Texts - i]);
                Compute(model, batch, workspace);
                workspace.Attention.Bytes.Should().Be(reserved);
                workspace.Bytes.Should().BeLessThanOrEqualTo(workspace.BytesFor(Tokens, Texts));
            }
        }
    }

    [Fact]
    public void Reserve_AfterAPass_LeavesNothingToBeRead()
    {
        using TemporaryFolder folder = new();
        using GauModel model = Load(folder, Configs[0], WeightType.Int8);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add(new int[10]);
        Compute(model, batch, workspace);
        workspace.Hidden(0).Length.Should().Be(model.Config.HiddenSize);
        workspace.Reserve(1000, 10);
        FluentActions.Invoking(() => workspace.Hidden(0).Length).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void BytesFor_HeadWiderThanEncoderAndVocabulary_IsNeverExceeded()
    {
        HeadConfig head = TinyModel.Sequence with
        {
            HasDense = true, DenseSize = 3001, DenseActivation = Activation.Tanh,
            Labels = [.. Enumerable.Range(0, 2001).Select(i => $"label {i}")],
        };
        using TemporaryFolder folder = new();
        using GauModel model = TestModel.Random(Configs[0], seed: 2, head)
            .Load(folder.Path("m.safetensors"), WeightType.F32, KernelTiers.Available[0]);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add(new int[9]);
        Compute(model, batch, workspace);
        ClassifierHead.SequenceLogits(model, workspace, batch, 0, new float[2001]);
        workspace.Bytes.Should().BeLessThanOrEqualTo(workspace.BytesFor(9, 1));
    }

    private static GauModel Load(TemporaryFolder folder, ModelConfig config, WeightType type) =>
        TestModel.Random(config, seed: 1).Load(folder.Path("m.safetensors"), type, KernelTiers.Available[0], block: 32);

    private static void Compute(GauModel model, GauBatch batch, GauWorkspace workspace)
    {
        GauEncoder.Forward(model, batch, workspace);
        MaskedLmHead.Logits(model, workspace, [0], new float[model.Config.VocabSize]);
    }
}
