using GauRuntime.Convert.Names;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>A model whose weights are tensors of libtorch, so that it can be trained.</summary>
/// <remarks>
/// Computes what the runtime computes, for every architecture; <see cref="ModelTensors"/> names the tensors of both.
/// Results of a pass belong to the dispose scope of the caller. Not thread-safe.
/// </remarks>
internal sealed partial class TrainableModel : IDisposable
{
    private readonly IReadOnlyList<TensorSpec> specs;
    private readonly Dictionary<string, Tensor> weights;
    private readonly RotaryTable? rotary;   // null where positions are learned
    private readonly EmbeddingLayer embedding;
    private readonly EncoderLayer[] layers;
    private readonly MaskedLmDecoder? maskedLm;
    private readonly TaskHead? head;

    // The weights are not set yet.
    private TrainableModel(ModelDescription model, Device device, ScalarType type)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"a model of {type}: it is trained in Float32 or Float64", nameof(type));
        Description = model with { Embedding = null };
        (Device, Type) = (device, type);
        TrainingMemory.Require(TrainingMemory.BytesOf(Description, type), device);
        specs = ModelTensors.For(Description);
        Parameters = [.. specs.Select(spec => new Parameter(spec.Name, Empty(spec)))];
        weights = Parameters.ToDictionary(
            parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal);
        Func<string, Tensor?> find = name => weights.GetValueOrDefault(name);
        rotary = Config.Traits.LearnsPositions ? null : new RotaryTable(Config.KeySize, type, device);
        embedding = new EmbeddingLayer(Config, find);
        layers = [.. Enumerable.Range(0, Config.LayerCount).Select(i => EncoderLayer.Of(Config, find, i, rotary))];
        maskedLm = Config.HasMaskedLm ? new MaskedLmDecoder(Config, find) : null;
        head = TaskHead.Find(Description.Head, find);
    }

    /// <summary>What it is, but for what an embedder has behind its pooling, which is not trained.</summary>
    public ModelDescription Description { get; }

    /// <summary>The tensors that are trained, in the order of <see cref="ModelTensors"/>.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Where they lie.</summary>
    public Device Device { get; }

    /// <summary>Float32 or Float64.</summary>
    public ScalarType Type { get; }

    private ModelConfig Config => Description.Config;

    /// <summary>A new model, with weights as <see cref="Initialization"/> draws them.</summary>
    /// <param name="model">What it is.</param>
    /// <param name="seed">The same seed gives the same weights on every machine.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <exception cref="Tools.ToolException">There is too little memory for it (69).</exception>
    public static TrainableModel Create(ModelDescription model, ulong seed, Device device, ScalarType type)
    {
        TrainableModel created = new(model, device, type);
        SplitMix64 stream = new(seed);
        foreach (TensorSpec spec in created.specs)
            created.Draw(spec, stream);
        return created;
    }

    /// <summary>The encoder of a model that gets another head.</summary>
    /// <remarks>
    /// The masked LM of GAU-α and RoFormerV2 stays. What BERT's and RoFormer's have beside the encoder would not be
    /// trained together with the head; it is left out, as in the checkpoints of their classifiers.
    /// </remarks>
    /// <param name="head">The head.</param>
    /// <param name="config">The encoder as it is.</param>
    public static ModelConfig ConfigBeside(HeadConfig head, ModelConfig config) =>
        head.Kind == HeadKind.MaskedLm || !config.Traits.TransformsMaskedLm
            ? config : config with { MaskedLmTransform = false, MaskedLmEps = null, UntiedDecoder = false };

    /// <summary>A copy with another head, whose weights are new.</summary>
    /// <param name="head">The head.</param>
    /// <param name="seed">Of its weights.</param>
    public TrainableModel WithHead(HeadConfig head, ulong seed)
    {
        TrainableModel copy = new(
            Description with { Config = ConfigBeside(head, Config), Head = head }, Device, Type);
        SplitMix64 stream = new(seed);
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
            foreach (TensorSpec spec in copy.specs)
                if (NameTable.IsHead(spec.Name))
                    copy.Draw(spec, stream);
                else
                    copy.weights[spec.Name].copy_(weights[spec.Name]);
        return copy;
    }

    /// <summary>Last hidden states [B, n, h]; those of padding mean nothing.</summary>
    /// <exception cref="ArgumentException">An id, a segment or a position is none of the model's.</exception>
    public Tensor Encode(TokenBatch batch, DropoutRates dropout)
    {
        using DisposeScope pass = NewDisposeScope();
        rotary?.Cover(batch.Length);
        AttentionKeys keys = AttentionKeys.Of(Config, batch, Type);
        Tensor x = embedding.Forward(batch, dropout.Hidden);
        foreach (EncoderLayer layer in layers)
        {
            using DisposeScope scope = NewDisposeScope();   // what the backward pass needs, its graph keeps
            Tensor y = layer.Forward(x, keys, dropout);
            x.Dispose();
            x = y.MoveToOuterDisposeScope();
        }
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Logits of the masked LM.</summary>
    /// <param name="rows">Hidden states of some tokens [R, h].</param>
    /// <param name="dropout">What is dropped.</param>
    /// <returns>[R, V].</returns>
    /// <exception cref="InvalidOperationException">The model has no masked LM.</exception>
    public Tensor MaskedLm(Tensor rows, DropoutRates dropout)
    {
        using DisposeScope scope = NewDisposeScope();
        return (maskedLm ?? throw new InvalidOperationException("the model has no masked LM"))
            .Forward(rows, dropout.Hidden).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of the head.</summary>
    /// <param name="hidden">Hidden states [B, n, h].</param>
    /// <param name="batch">Their texts.</param>
    /// <returns>
    /// [B, labels] of texts, [B / choices, choices] of choices, [B, n, labels] of tokens, [B, n, 2] of spans.
    /// </returns>
    /// <exception cref="InvalidOperationException">The model has a masked LM only.</exception>
    public Tensor Head(Tensor hidden, TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return (head ?? throw new InvalidOperationException("the model has no head but a masked LM"))
            .Forward(hidden, batch).MoveToOuterDisposeScope();
    }

    /// <summary>Sets a tensor.</summary>
    /// <param name="name">Its canonical name.</param>
    /// <param name="values">[out, in], row-major, or [size].</param>
    /// <exception cref="ArgumentException">The model has no such tensor, or one of another size.</exception>
    public void Load(string name, ReadOnlySpan<float> values)
    {
        Tensor weight = Find(name);
        if (values.Length != weight.numel())
            throw new ArgumentException($"{values.Length} values for the {weight.numel()} of {name}", nameof(values));
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
            weight.copy_(tensor(values.ToArray()).reshape(weight.shape));
    }

    /// <summary>The values of a tensor, row-major.</summary>
    /// <param name="name">Its canonical name.</param>
    /// <exception cref="ArgumentException">The model has no such tensor.</exception>
    public float[] Read(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        return Find(name).detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Parameter parameter in Parameters)
            parameter.Value.Dispose();
        rotary?.Dispose();
    }

    private Tensor Find(string name) => weights.GetValueOrDefault(name)
        ?? throw new ArgumentException($"the model has no tensor '{name}'", nameof(name));

    private Tensor Empty(TensorSpec spec)
    {
        long[] shape = spec.Role == TensorRole.Rows && spec.Rows == 1 ? [spec.Columns] : [spec.Rows, spec.Columns];
        return empty(shape, Type, Device, requires_grad: true).DetachFromDisposeScope();
    }

    private void Draw(TensorSpec spec, SplitMix64 stream)
    {
        float[] values = new float[checked(spec.Rows * spec.Columns)];
        Initialization.Fill(Config, spec, values, stream);
        Load(spec.Name, values);
    }
}
