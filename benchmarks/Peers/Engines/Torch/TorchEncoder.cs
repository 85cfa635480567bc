using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Benchmarks.Peers.Engines.Torch;

/// <summary>A model's weights in libtorch, and its forward pass.</summary>
internal abstract class TorchEncoder : IDisposable
{
    private readonly ModelDescription model;
    private readonly ScalarType type;
    private readonly List<Tensor> weights = [];
    private readonly Tensor words, segments;   // [V, h], [segments, h]
    private readonly Tensor? positions;   // [positions, h]
    private readonly Scale? norm;

    protected TorchEncoder(ModelDescription model, ScalarType type)
    {
        this.model = model;
        this.type = type;
        int h = Config.HiddenSize;
        words = Keep(Read(ModelTensors.WordEmbedding, Config.VocabSize, h));
        segments = Keep(Read(ModelTensors.SegmentEmbedding, Config.SegmentCount, h));
        if (Config.PositionCount > 0)
            positions = Keep(Read(ModelTensors.PositionEmbedding, Config.PositionCount, h));
        norm = ReadScale(ModelTensors.EmbeddingNorm);
    }

    protected ModelConfig Config => model.Config;

    /// <summary>Converts a model's random weights.</summary>
    public static TorchEncoder Load(PeerModel model, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        return model.IsGated ? new TorchGau(model.Description, type) : new TorchAttentionFfn(model.Description, type);
    }

    /// <summary>Hidden states of a batch [B, n, h].</summary>
    public Tensor Forward(Padded batch)
    {
        Tensor x;
        using (DisposeScope scope = NewDisposeScope())
            x = Embed(batch).MoveToOuterDisposeScope();
        for (int layer = 0; layer < Config.LayerCount; layer++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor y = Forward(layer, x, batch);
            x.Dispose();
            x = y.MoveToOuterDisposeScope();
        }
        return x.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => weights.ForEach(tensor => tensor.Dispose());

    /// <summary>A layer: x [B, n, h] in and out.</summary>
    protected abstract Tensor Forward(int layer, Tensor x, Padded batch);

    /// <summary>A tensor of the model, gone at the end of the scope unless it is kept.</summary>
    protected Tensor Read(string name, params long[] shape) =>
        tensor(RandomModel.Tensor(model, name)).reshape(shape).to(type);

    /// <summary>Keeps a tensor until this is disposed.</summary>
    protected Tensor Keep(Tensor tensor)
    {
        weights.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>γ and β of a norm, where it has them.</summary>
    protected Scale? ReadScale(string name) => !Config.Traits.HasLayerNorm
        ? null
        : new Scale(
            Keep(Read(ModelTensors.Gamma(name), Config.HiddenSize)),
            Keep(Read(ModelTensors.Beta(name), Config.HiddenSize)));

    /// <summary>RoPE by halves: of every head the even features, then the odd ones.</summary>
    protected Tensor Halves()
    {
        int s = Config.KeySize;
        Tensor head = cat([arange(0, s, 2), arange(1, s, 2)]);
        return (arange(0, Config.HeadCount).mul(s).reshape(-1, 1) + head).reshape(-1);
    }

    /// <summary>norm(x); x is lost.</summary>
    protected Tensor Norm(Tensor x, Scale? scale) => scale is null
        ? x.div_(linalg.vector_norm(x, 2, [-1], keepdim: true).mul_(1 / Math.Sqrt(Config.HiddenSize)))   // eps is 0
        : nn.functional.layer_norm(x, [Config.HiddenSize], scale.Gamma, scale.Beta, Config.Eps);

    private Tensor Embed(Padded batch)
    {
        Tensor x = words[batch.Ids] + segments[0];
        if (positions is not null)
            x.add_(positions[..(int)batch.Ids.shape[1]]);
        return Norm(x, norm);
    }

    /// <summary>γ and β [h].</summary>
    protected sealed record Scale(Tensor Gamma, Tensor Beta);
}
