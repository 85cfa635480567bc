using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>How one checkpoint names the parts of a model: its prefixes, its architecture and its heads.</summary>
internal sealed class CheckpointNames
{
    private const string TorchWord = "embeddings.word_embeddings.weight";
    private const string TorchDecoder = "cls.predictions.decoder.weight";
    private static readonly string[] EncoderScopes = ["gau_alpha.", "roformer."];
    private readonly string encoderPrefix = "";
    private readonly string rootPrefix = "";

    /// <summary>Recognises the architecture by its tensor names.</summary>
    /// <exception cref="GauFormatException">Neither GAU-α nor RoFormerV2 is there.</exception>
    public CheckpointNames(ICheckpoint checkpoint)
    {
        Kind = checkpoint.Kind;
        IReadOnlyList<TensorEntry> tensors = checkpoint.Tensors;
        ArchitectureTraits[] found =
            [.. ArchitectureTraits.All.Where(entry => Any(tensors, NameTable.Ending(entry.FirstProduct, Kind)))];
        Architecture = found switch
        {
            [var only] => only.Architecture,
            [] => throw new GauFormatException(checkpoint.Path, "tensor names", Foreign(checkpoint)),
            _ => throw new GauFormatException(
                checkpoint.Path, "tensor names", $"tensors of both {ArchitectureTraits.Titles("and")}"),
        };
        if (Kind == CheckpointKind.TensorFlow)
            return;

        string[] words =
            [.. tensors.Select(entry => entry.Name).Where(name => name.EndsWith(TorchWord, StringComparison.Ordinal))];
        if (words.Length != 1)
            throw new GauFormatException(checkpoint.Path, TorchWord,
                words.Length == 0 ? "the tensor is missing"
                    : $"{words.Length} tensors of this name: several models in one file");
        encoderPrefix = words[0][..^TorchWord.Length];
        rootPrefix = EncoderScopes.Where(scope => encoderPrefix.EndsWith(scope, StringComparison.Ordinal))
            .Select(scope => encoderPrefix[..^scope.Length]).FirstOrDefault(encoderPrefix);
        Decoder = tensors.FirstOrDefault(entry => entry.Name.EndsWith(TorchDecoder, StringComparison.Ordinal));
    }

    public CheckpointKind Kind { get; }

    public Architecture Architecture { get; }

    /// <summary>The masked-LM matrix where it is stored, tied to the word embedding or not.</summary>
    public TensorEntry? Decoder { get; }

    /// <summary>Whether a tensor belongs to the encoder, or to its embeddings.</summary>
    public bool IsOfEncoder(string name) =>
        name.StartsWith(encoderPrefix + "encoder.", StringComparison.Ordinal)
        || name.StartsWith(encoderPrefix + "embeddings.", StringComparison.Ordinal);

    /// <summary>The name in the checkpoint and whether kernels stand there [in, out].</summary>
    /// <param name="spec">The tensor.</param>
    /// <param name="head">The kind of head.</param>
    /// <param name="layer">The layer that the user takes for the head's last; null: the port's own.</param>
    public (string Name, bool Transposed) Of(TensorSpec spec, HeadKind head, LinearLayer? layer)
    {
        if (Kind == CheckpointKind.TensorFlow)
        {
            string name = NameTable.TensorFlow(spec.Name, Architecture);
            return (name, name.EndsWith("/kernel", StringComparison.Ordinal));
        }
        if (spec.Name == ModelTensors.Decoder)
            return (Decoder!.Name, false);
        if (layer is not null && spec.Name.StartsWith(ModelTensors.HeadOut, StringComparison.Ordinal))
            return (layer.Name + (IsBias(spec) ? LinearLayer.Bias : LinearLayer.Weight), false);
        return NameTable.IsHead(spec.Name)
            ? (rootPrefix + NameTable.TorchHead(spec.Name, Architecture, head), false)
            : (encoderPrefix + NameTable.Torch(spec.Name), false);
    }

    /// <summary>Whether a tensor of the head is a bias.</summary>
    public static bool IsBias(TensorSpec spec) => spec.Name.EndsWith(LinearLayer.Bias, StringComparison.Ordinal);

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
            return new HeadEvidence(Kind, false, false, null, null);
        ClassifierOutputs? outputs = checkpoint.Tensors
            .Where(entry => entry.Name == rootPrefix + "classifier.weight"
                || entry.Name == rootPrefix + "classifier.out_proj.weight")
            .Where(entry => entry.Shape is [> 0 and <= 1_000_000, _])
            .Select(entry => new ClassifierOutputs(entry.Name, (int)entry.Shape[0])).FirstOrDefault();
        return new HeadEvidence(Kind, Has("classifier."), Has("qa_outputs."), outputs, null);
    }

    /// <summary>What a checkpoint is that holds neither architecture, and what to do.</summary>
    private static string Foreign(ICheckpoint checkpoint)
    {
        IReadOnlyList<TensorEntry> tensors = checkpoint.Tensors;
        if (tensors.Any(entry => entry.Name.StartsWith(ModelTensors.WordEmbedding + ".", StringComparison.Ordinal)))
            return "this is a converted model already";
        if (Any(tensors, "/.ATTRIBUTES/VARIABLE_VALUE"))
            return "an object checkpoint of TensorFlow 2 (tf.keras), whose names do not say what its tensors are: load "
                + "it in the program that made it and save the weights as HDF5 (model.save_weights('model.h5'))";
        string found = tensors.Count == 0 ? "there are none" : $"neither {ArchitectureTraits.Titles("nor")}";
        return checkpoint.LeftOut is [var first, ..]
            ? $"{found}; {first} is an object, which is not read: of a model, save state_dict()"
            : found;
    }

    private static bool Any(IReadOnlyList<TensorEntry> tensors, string suffix) =>
        tensors.Any(entry => entry.Name.EndsWith(suffix, StringComparison.Ordinal));
}
