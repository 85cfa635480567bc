using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>What is dropped, and where: bert4keras models.py.</summary>
public sealed class DropoutTests
{
    private static readonly DropoutRates Rates = new(0.5, 0.5);

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Encode_ASeed_DeterminesWhatIsDropped(Architecture architecture)
    {
        using TrainableModel model = Trainable.Random(Trainable.Describe(Trainable.Config(architecture)), ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = new([[5, 6, 7, 8], [9, 10]], null, CPU);
        float[] Pass(long seed, DropoutRates rates)
        {
            manual_seed(seed);
            return model.Encode(batch, rates).data<float>().ToArray();
        }
        float[] one = Pass(1, Rates);
        Pass(1, Rates).Should().Equal(one);
        Pass(2, Rates).Should().NotEqual(one);
        Pass(1, new DropoutRates(0, 0.5)).Should().NotEqual(Pass(1, DropoutRates.None));
        Pass(1, new DropoutRates(0.5, 0)).Should().NotEqual(Pass(1, DropoutRates.None));
        Pass(2, DropoutRates.None).Should().Equal(Pass(1, DropoutRates.None));
    }

    /// <summary>Before the norm of GAU-α and RoFormerV2, whose rows keep RMS 1; behind that of BERT and RoFormer.</summary>
    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Embedding_Dropped_BeforeRmsAndBehindLayerNorm(Architecture architecture)
    {
        ModelDescription description = Trainable.Describe(Trainable.Config(architecture));
        using TrainableModel model = Trainable.Random(description, ScalarType.Float64);
        using DisposeScope scope = NewDisposeScope();
        EmbeddingLayer layer = new(
            description.Config, name => model.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Value);
        using TokenBatch batch = new([[5, 6, 7]], null, CPU);
        double[] whole = Trainable.Numbers(layer.Forward(batch, 0)), part = Trainable.Numbers(layer.Forward(batch, 0.5));
        part.Should().Contain(0).And.Contain(value => value != 0);
        if (ArchitectureTraits.Of(architecture).HasLayerNorm)
            for (int i = 0; i < part.Length; i++)
                Math.Min(Math.Abs(part[i]), Math.Abs(part[i] - 2 * whole[i])).Should().BeLessThan(1e-12);
        else
            part.Average(value => value * value).Should().BeApproximately(1, 1e-9);
    }

    /// <summary>
    /// y = norm(x + dropped(o)): some numbers are those of x, the others of x + 2 o, with the o that is there when nothing
    /// is dropped. So nothing is dropped before o: neither of u, v and z nor inside of the feed-forward network.
    /// </summary>
    [Theory]
    [InlineData(Architecture.GauAlpha, null)]
    [InlineData(Architecture.RoFormerV2, "layers.0.ffn.output")]
    [InlineData(Architecture.RoFormerV2, "layers.0.attention.output")]
    public void Layer_HiddenDropped_IsWhatItAddsToX(Architecture architecture, string? without)
    {
        ModelDescription description = Trainable.Describe(Trainable.Config(architecture));
        using TrainableModel model = Trainable.Random(description, ScalarType.Float64);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        using RotaryTable rotary = new(description.Config.KeySize, ScalarType.Float64, CPU);
        rotary.Cover(4);
        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Name == without))
            parameter.Value.zero_();
        EncoderLayer layer = EncoderLayer.Of(
            description.Config, name => model.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Value, 0,
            rotary);
        manual_seed(1);
        int h = description.Config.HiddenSize;
        Tensor x = randn([1, 4, h], ScalarType.Float64);
        x /= x.square().mean([-1L], keepdim: true).sqrt();
        AttentionKeys keys = new(null, ones([1, 1, 1, 1], ScalarType.Float64));
        double[] start = Trainable.Numbers(x), whole = Trainable.Numbers(layer.Forward(x, keys, DropoutRates.None));
        double[] part = Trainable.Numbers(layer.Forward(x, keys, new DropoutRates(0.5, 0)));
        for (int row = 0; row < start.Length; row += h)
        {
            double[] ratios = [.. Enumerable.Range(row, h).Select(i => start[i] / part[i])];
            double scale = ratios.MaxBy(one => ratios.Count(other => Math.Abs(other - one) < 1e-6 * Math.Abs(one)));
            int[] kept = [.. Enumerable.Range(row, h).Where(i => Math.Abs(part[i] * scale - start[i]) > 1e-5)];
            kept.Length.Should().BeInRange(2, h - 3, "about half is dropped");
            double[] scales = [.. kept.Select(i => (start[i] + (part[i] * scale - start[i]) / 2) / whole[i])];
            scales.Should().AllSatisfy(one => one.Should().BeApproximately(scales[0], 1e-4 * scales[0]));
        }
    }

    /// <summary>The tied decoder of GAU-α and RoFormerV2 reads what is left; BERT's transform reads all.</summary>
    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void MaskedLm_Dropped_WhereNothingStandsBeforeTheDecoder(Architecture architecture)
    {
        ModelDescription description = Trainable.Describe(Trainable.Config(architecture));
        using TrainableModel model = Trainable.Random(description, ScalarType.Float64);
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = ones([3, description.Config.HiddenSize], ScalarType.Float64);
        bool same = Trainable.Numbers(model.MaskedLm(rows, Rates)).SequenceEqual(
            Trainable.Numbers(model.MaskedLm(rows, DropoutRates.None)));
        same.Should().Be(ArchitectureTraits.Of(architecture).TransformsMaskedLm);
    }

    /// <summary>Weights of keys are dropped and doubled, but not made to sum up to 1 again.</summary>
    [Fact]
    public void Attention_Dropped_DoesNotSumUpToOne()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(1);
        Tensor q = zeros([2, 1, 8, 4], ScalarType.Float64), v = ones([2, 1, 8, 1], ScalarType.Float64);
        AttentionKeys keys = new(null, ones([2, 1, 1, 1], ScalarType.Float64));
        double[] sums = Trainable.Numbers(new Attention(Normalization.Softmax).Forward(q, q, v, keys, 0.5));
        sums.Should().AllSatisfy(sum => (sum * 4).Should().BeApproximately(Math.Round(sum * 4), 1e-12));   // 8 keys of 1/8, doubled
        sums.Distinct().Count().Should().BeGreaterThan(2);
        Trainable.Numbers(new Attention(Normalization.Softmax).Forward(q, q, v, keys, 0)).Should()
            .AllSatisfy(sum => sum.Should().BeApproximately(1, 1e-12));
    }
}
