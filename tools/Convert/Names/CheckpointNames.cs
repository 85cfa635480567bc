using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>How one checkpoint names the parts of a model: its prefixes, its architecture and its heads.</summary>
internal sealed class CheckpointNames
{
    private const string TorchWord = "embeddings.word_embeddings.weight";
    private static readonly string[] EncoderScopes = ["gau_alpha.", "roformer."];
    private readonly string encoderPrefix = "";
    private readonly string rootPrefix = "";

    /// <summary>Recognises the architecture by its tensor names.</summary>
    /// <exception cref="GauFormatException">Neither GAU-α nor RoFormerV2 is there.</exception>
    public CheckpointNames(ICheckpoint checkpoint)
    {
        Kind = checkpoint.Kind;
        IReadOnlyList<TensorEntry> tensors = checkpoint.Tensors;
        bool tensorFlow = Kind == CheckpointKind.TensorFlow;
        bool gau = Any(tensors, tensorFlow ? "/gau/i_dense/kernel" : ".gau.i_dense.weight");
        bool roformer = Any(tensors, tensorFlow ? "/attention/self/query/kernel" : ".attention.self.query.weight");
        if (gau == roformer)
            throw new GauFormatException(checkpoint.Path, "tensor names",
                gau ? "tensors of both GAU-α and RoFormerV2"
                : tensors.Any(
                    entry => entry.Name.StartsWith(ModelTensors.WordEmbedding + ".", StringComparison.Ordinal))
                ? "this is a converted model already"
                : tensors.Any(entry => entry.Name.EndsWith("/.ATTRIBUTES/VARIABLE_VALUE", StringComparison.Ordinal))
                ? "an object checkpoint of TensorFlow 2, which is not supported: save the Keras weights as HDF5 (.h5)"
                : "neither GAU-α nor RoFormerV2");
        Architecture = gau ? Architecture.GauAlpha : Architecture.RoFormerV2;
        if (tensorFlow) return;

        string[] words =
            [.. tensors.Select(entry => entry.Name).Where(name => name.EndsWith(TorchWord, StringComparison.Ordinal))];
        if (words.Length != 1)
            throw new GauFormatException(checkpoint.Path, TorchWord,
                words.Length == 0 ? "the tensor is missing"
                    : $"{words.Length} tensors of this name: several models in one file");
        encoderPrefix = words[0][..^TorchWord.Length];
        rootPrefix = EncoderScopes.Where(scope => encoderPrefix.EndsWith(scope, StringComparison.Ordinal))
            .Select(scope => encoderPrefix[..^scope.Length]).FirstOrDefault(encoderPrefix);
    }

    public CheckpointKind Kind { get; }

    public Architecture Architecture { get; }

    /// <summary>Name of a tensor beside the encoder: a head.</summary>
    public string Root(string name) => rootPrefix + name;

    /// <summary>The name in the checkpoint and whether kernels stand there [in, out].</summary>
    public (string Name, bool Transposed) Of(TensorSpec spec, HeadKind head)
    {
        if (Kind == CheckpointKind.TensorFlow)
        {
            string name = NameTable.TensorFlow(spec.Name, Architecture);
            return (name, name.EndsWith("/kernel", StringComparison.Ordinal));
        }
        return NameTable.IsHead(spec.Name)
            ? (rootPrefix + NameTable.TorchHead(spec.Name, Architecture, head), false)
            : (encoderPrefix + NameTable.Torch(spec.Name), false);
    }

    /// <summary>What the names tell about the head.</summary>
    public HeadEvidence Evidence(ICheckpoint checkpoint)
    {
        bool Has(string scope) => checkpoint.Tensors.Any(
            entry => entry.Name.StartsWith(rootPrefix + scope, StringComparison.Ordinal));
        bool torch = Kind != CheckpointKind.TensorFlow;
        return new HeadEvidence(Kind, torch && Has("classifier."), torch && Has("qa_outputs."), null);
    }

    /// <summary>Whether a tensor stands where only the model's own tensors should.</summary>
    public bool IsInsideModel(string name)
    {
        if (Kind == CheckpointKind.TensorFlow) return name.Contains("/encoder/layer_", StringComparison.Ordinal);
        return name.StartsWith(encoderPrefix + "encoder.layer.", StringComparison.Ordinal)
            || name.StartsWith(encoderPrefix + "embeddings.", StringComparison.Ordinal)
            || name.StartsWith(rootPrefix + "cls.", StringComparison.Ordinal);
    }

    private static bool Any(IReadOnlyList<TensorEntry> tensors, string suffix) =>
        tensors.Any(entry => entry.Name.EndsWith(suffix, StringComparison.Ordinal));
}
