using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>How one checkpoint names the parts of a model: its prefixes, its architecture and its heads.</summary>
internal sealed class CheckpointNames
{
    private const string TensorFlowScope = "bert/", OtherScope = "roformer/";   // the second of some conversions
    private const string TensorFlowWord = "embeddings/word_embeddings";
    private const string TorchWord = "embeddings.word_embeddings.weight";

    /// <summary>Parts of a checkpoint that serve another head than the model's, below the prefix of all.</summary>
    private static readonly string[] OtherHeads =
    [
        "cls.predictions.", "cls.seq_relationship.", "cls/predictions/", "cls/seq_relationship/", "pooler.dense.",
        "pooler/dense/",
    ];
    private readonly string encoderPrefix = "";
    private readonly string rootPrefix = "";

    /// <summary>Recognises the architecture by its tensor names.</summary>
    /// <exception cref="GauFormatException">No architecture is there, or several.</exception>
    public CheckpointNames(ICheckpoint checkpoint)
    {
        Kind = checkpoint.Kind;
        IReadOnlyList<TensorEntry> tensors = checkpoint.Tensors;
        bool norms = tensors.Any(entry => IsNorm(entry.Name));
        bool positions = Any(tensors, Kind == CheckpointKind.TensorFlow
            ? "embeddings/position_embeddings" : "embeddings.position_embeddings.weight");
        ArchitectureTraits traits = ArchitectureTraits.Recognise(
            ArchitectureTraits.All.Where(entry => Any(tensors, NameTable.Ending(entry.FirstProduct, Kind))),
            norms, positions, out string? fault)
            ?? throw new GauFormatException(checkpoint.Path, "tensor names", fault ?? Foreign(checkpoint));
        Architecture = traits.Architecture;
        ForeignModel.RefuseNames(checkpoint, traits);
        HasMaskedLm = Any(tensors, Kind == CheckpointKind.TensorFlow
            ? "cls/predictions/transform/dense/kernel" : "cls.predictions.transform.dense.weight");
        if (Kind == CheckpointKind.TensorFlow)
        {
            encoderPrefix = tensors.Any(entry => entry.Name == OtherScope + TensorFlowWord)
                ? OtherScope : TensorFlowScope;
            return;
        }

        string[] words =
            [.. tensors.Select(entry => entry.Name).Where(name => name.EndsWith(TorchWord, StringComparison.Ordinal))];
        if (words.Length != 1)
            throw new GauFormatException(checkpoint.Path, TorchWord,
                words.Length == 0 ? "the tensor is missing"
                    : $"{words.Length} tensors of this name: several models in one file");
        encoderPrefix = words[0][..^TorchWord.Length];
        string[] scopes = traits.HasLayerNorm ? ["bert.", "roformer."] : ["gau_alpha.", "roformer."];
        rootPrefix = scopes.Where(scope => encoderPrefix.EndsWith(scope, StringComparison.Ordinal))
            .Select(scope => encoderPrefix[..^scope.Length]).FirstOrDefault(encoderPrefix);
        Decoder = tensors.FirstOrDefault(
            entry => entry.Name.EndsWith(NameTable.TorchDecoder, StringComparison.Ordinal));
    }

    public CheckpointKind Kind { get; }

    public Architecture Architecture { get; }

    /// <summary>Whether there is the dense layer of a masked LM, which BERT and RoFormer have.</summary>
    public bool HasMaskedLm { get; }

    /// <summary>The masked-LM matrix where it is stored, tied to the word embedding or not.</summary>
    public TensorEntry? Decoder { get; }

    /// <summary>Whether a tensor belongs to the encoder, or to its embeddings.</summary>
    public bool IsOfEncoder(string name) =>
        name.StartsWith(encoderPrefix + "encoder.", StringComparison.Ordinal)
        || name.StartsWith(encoderPrefix + "embeddings", StringComparison.Ordinal);

    /// <summary>
    /// Whether a tensor that the model has no place for is the pooler's, or of the heads of pretraining.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="config">The model, of an architecture that is published with them.</param>
    public bool IsOfAnotherHead(string name, ModelConfig config)
    {
        if (!config.Traits.TransformsMaskedLm)
            return false;
        // A projection of embeddings that have the width of the hidden states: upstream makes none.
        if (name.StartsWith(encoderPrefix + "embeddings_project.", StringComparison.Ordinal))
            return config.EmbeddingSize is null;
        return OtherHeads.Any(part => name.StartsWith(rootPrefix + part, StringComparison.Ordinal)
            || name.StartsWith(encoderPrefix + part, StringComparison.Ordinal));
    }

    /// <summary>The name in the checkpoint and whether kernels stand there [in, out].</summary>
    /// <param name="spec">The tensor.</param>
    /// <param name="head">The kind of head.</param>
    /// <param name="layer">The layer that the user takes for the head's last; null: the port's own.</param>
    public (string Name, bool Transposed) Of(TensorSpec spec, HeadKind head, LinearLayer? layer)
    {
        if (Kind == CheckpointKind.TensorFlow)
        {
            string name = NameTable.TensorFlow(spec.Name, Architecture, head);
            if (name.StartsWith(TensorFlowScope, StringComparison.Ordinal))
                name = encoderPrefix + name[TensorFlowScope.Length..];
            return (name, name.EndsWith("/kernel", StringComparison.Ordinal));
        }
        if (spec.Name == ModelTensors.Decoder)
            return (Decoder!.Name, false);
        if (layer is not null && spec.Name.StartsWith(ModelTensors.HeadOut, StringComparison.Ordinal))
            return (layer.Name + (IsBias(spec.Name) ? LinearLayer.Bias : LinearLayer.Weight), false);
        return (NameTable.TorchWhole(spec.Name, Architecture, head, rootPrefix, encoderPrefix), false);
    }

    /// <summary>
    /// Other names of a tensor in a checkpoint: of norms before PyTorch, and of the bias of a tied decoder.
    /// </summary>
    public static string? OtherNameOf(string name) =>
        name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? name[..^"weight".Length] + "gamma"
        : name.EndsWith("LayerNorm.bias", StringComparison.Ordinal) ? name[..^"bias".Length] + "beta"
        : name.EndsWith("cls.predictions.bias", StringComparison.Ordinal) ? name[..^"bias".Length] + "decoder.bias"
        : null;

    /// <summary>Whether a tensor of a dense layer is its bias.</summary>
    public static bool IsBias(string name) => name.EndsWith(LinearLayer.Bias, StringComparison.Ordinal);

    /// <summary>What the names tell about the head.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="layer">The layer that the user takes for it; null: the port's own.</param>
    public HeadEvidence Evidence(ICheckpoint checkpoint, LinearLayer? layer)
    {
        if (layer is not null)
            return new HeadEvidence(
                Kind, true, false, new ClassifierOutputs(layer.Name + LinearLayer.Weight, (int)layer.Outputs), null)
            {
                Layer = layer,
            };
        bool Has(string scope) => checkpoint.Tensors.Any(
            entry => entry.Name.StartsWith(rootPrefix + scope, StringComparison.Ordinal));
        if (Kind == CheckpointKind.TensorFlow)
            return TensorFlowEvidence(checkpoint);
        ClassifierOutputs? outputs = checkpoint.Tensors
            .Where(entry => entry.Name == rootPrefix + "classifier.weight"
                || entry.Name == rootPrefix + "classifier.out_proj.weight")
            .Where(entry => entry.Shape is [> 0 and <= 1_000_000, _])
            .Select(entry => new ClassifierOutputs(entry.Name, (int)entry.Shape[0])).FirstOrDefault();
        return new HeadEvidence(Kind, Has("classifier."), Has("qa_outputs."), outputs, null);
    }

    /// <summary>What Google's run_classifier.py and run_squad.py leave, optimizer slots aside.</summary>
    private static HeadEvidence TensorFlowEvidence(ICheckpoint checkpoint)
    {
        TensorEntry? Named(string name) => checkpoint.Tensors.FirstOrDefault(entry => entry.Name == name);
        ClassifierOutputs? outputs = Named("output_weights") is { Shape: [> 0 and <= 1_000_000, _] } weights
            ? new ClassifierOutputs(weights.Name, (int)weights.Shape[0]) : null;
        return new HeadEvidence(
            CheckpointKind.TensorFlow, outputs is not null, Named("cls/squad/output_weights") is not null, outputs,
            null);
    }

    /// <summary>Whether a tensor is γ of a norm, under either of its names.</summary>
    private static bool IsNorm(string name) =>
        name.EndsWith("LayerNorm.weight", StringComparison.Ordinal)
        || name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal)
        || name.EndsWith("LayerNorm/gamma", StringComparison.Ordinal);

    /// <summary>What a checkpoint is that holds no architecture, and what to do.</summary>
    private static string Foreign(ICheckpoint checkpoint)
    {
        IReadOnlyList<TensorEntry> tensors = checkpoint.Tensors;
        if (tensors.Any(entry => entry.Name.StartsWith(ModelTensors.WordEmbedding + ".", StringComparison.Ordinal)))
            return "this is a converted model already";
        if (Any(tensors, "/.ATTRIBUTES/VARIABLE_VALUE"))
            return "an object checkpoint of TensorFlow 2 (tf.keras), whose names do not say what its tensors are: load "
                + "it in the program that made it and save the weights as HDF5 (model.save_weights('model.h5'))";
        string found = tensors.Count == 0 ? "there are none"
            : ForeignModel.OfNames(tensors) ?? $"neither {ArchitectureTraits.Titles("nor")}";
        return checkpoint.LeftOut is [var first, ..]
            ? $"{found}; {first} is an object, which is not read: of a model, save state_dict()"
            : found;
    }

    private static bool Any(IReadOnlyList<TensorEntry> tensors, string suffix) =>
        tensors.Any(entry => entry.Name.EndsWith(suffix, StringComparison.Ordinal));
}
