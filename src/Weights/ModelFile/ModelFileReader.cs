using System.IO.Hashing;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Weights.ModelFile;

/// <summary>An open model file: its description, and its weights as views of the mapped file.</summary>
/// <remarks>Checked as a whole when opened, hash and values included. Immutable and thread-safe.</remarks>
public sealed unsafe class ModelFileReader : IDisposable
{
    private readonly Dictionary<string, TensorSpec> specs;
    private readonly StorageScheme scheme;

    private ModelFileReader(SafetensorsFile container)
    {
        Container = container;
        IReadOnlyDictionary<string, string> metadata = container.Metadata;
        string version = ModelMetadata.Require(metadata, Path, ModelMetadata.Format);
        if (version is not (ModelMetadata.Version2 or ModelMetadata.Version3))
            throw Fault(
                ModelMetadata.Format,
                $"version '{version}' is not {ModelMetadata.Version2} or {ModelMetadata.Version3}, "
                + "which this program reads"
                + (ModelMetadata.FormerVersions.Contains(version)
                    ? "; the file is older: convert its checkpoint again with gau-convert"
                    : ""));
        if (ModelMetadata.WithZero(metadata) is string odd)
            throw Fault(odd, "holds a zero character, which no model file has; the file is damaged");
        if (ModelMetadata.Require(metadata, Path, ModelMetadata.MetadataHash) != ModelMetadata.HashOf(metadata))
            throw Fault(ModelMetadata.MetadataHash, "the metadata does not match its hash; the file is damaged");

        ModelMetadataJson json = ModelMetadataJson.Default;
        Description = new ModelDescription
        {
            Config = ModelMetadata.Parse(metadata, Path, ModelMetadata.Config, json.ModelConfig),
            Head = ModelMetadata.Parse(metadata, Path, ModelMetadata.Head, json.HeadConfig),
            Embedding = metadata.ContainsKey(ModelMetadata.Embedding)
                ? ModelMetadata.Parse(metadata, Path, ModelMetadata.Embedding, json.EmbeddingConfig)
                : null,
            Tokenizer = ModelMetadata.Parse(metadata, Path, ModelMetadata.Tokenizer, json.TokenizerConfig),
            Vocabulary = ModelMetadata.Require(metadata, Path, ModelMetadata.Vocab).Split('\n'),
            Provenance = ModelMetadata.Parse(metadata, Path, ModelMetadata.Provenance, json.Provenance),
        };
        Quantization = ModelMetadata.Parse(metadata, Path, ModelMetadata.Quantization, json.Quantization);
        Golden = ModelMetadata.Parse(metadata, Path, ModelMetadata.Golden, json.IReadOnlyListGoldenVector);
        Hash = ModelMetadata.Require(metadata, Path, ModelMetadata.Hash);
        CheckDescription();
        specs = ModelTensors.For(Description).ToDictionary(spec => spec.Name, StringComparer.Ordinal);
        scheme = new StorageScheme(Quantization.Type, Quantization.Block, Quantization.StoredOtherwise);
        if (scheme.Fault(Description.Config, [.. specs.Values]) is string fault)
            throw Fault(ModelMetadata.Quantization, fault);
        CheckTensors();
        CheckData();
    }

    /// <summary>The file as the user named it.</summary>
    public string Path => Container.Path;

    /// <summary>Size in bytes.</summary>
    public long Length => Container.Length;

    /// <summary>Everything but the weights.</summary>
    public ModelDescription Description { get; }

    /// <summary>How the matrices are stored.</summary>
    internal Quantization Quantization { get; }

    /// <summary>How a tensor is stored.</summary>
    internal StoredMatrix StorageOf(TensorSpec spec) => scheme.Of(spec);

    /// <summary>Inputs with their outputs; may be empty.</summary>
    public IReadOnlyList<GoldenVector> Golden { get; }

    /// <summary>XxHash128 of the data, in hexadecimal: equal weights, equal hash.</summary>
    public string Hash { get; }

    /// <summary>The container's entries, in order.</summary>
    public IReadOnlyList<TensorEntry> Tensors => Container.Tensors;

    /// <summary>The metadata as stored: the keys of <c>docs/model-file.md</c> with their JSON or text.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Container.Metadata;

    internal SafetensorsFile Container { get; }

    /// <summary>Maps and checks a file.</summary>
    /// <exception cref="GauFormatException">The file is no sound model file.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static ModelFileReader Open(string path) => Open(SafetensorsFile.Open(path));

    /// <summary>Checks a model that is already in memory.</summary>
    /// <param name="data">The first byte; must stay valid until <see cref="Dispose"/>.</param>
    /// <param name="length">Size in bytes.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="GauFormatException">The bytes are no sound model file.</exception>
    public static ModelFileReader Open(byte* data, long length, string name) =>
        Open(SafetensorsFile.Open(data, length, name));

    private static ModelFileReader Open(SafetensorsFile container)
    {
        try
        {
            return new ModelFileReader(container);
        }
        catch
        {
            container.Dispose();
            throw;
        }
    }

    /// <summary>A weight matrix by its canonical name.</summary>
    internal PackedMatrix Matrix(string name)
    {
        TensorSpec spec = specs[name];
        (_, WeightType type, int block) = scheme.Of(spec);
        int columns = spec.Outputs.StoredSize, depth = StoredTensors.Depth(spec, type, block);
        return type == WeightType.F32
            ? new PackedMatrix(type, columns, depth, 0, Data(name + StoredTensors.Float), null, null)
            : new PackedMatrix(type, columns, depth, block, Data(name + StoredTensors.Quantized),
                (float*)Data(name + StoredTensors.Scale), (short*)Data(name + StoredTensors.Sum));
    }

    /// <summary>
    /// The first float of a tensor stored as rows, each padded to a multiple of 16; null where the model has none.
    /// </summary>
    internal float* Rows(string name) => specs.ContainsKey(name) ? (float*)Data(name) : null;

    /// <summary>
    /// Throws where the file was changed in place since it was opened: what was computed since then may be wrong. One
    /// that was replaced by a rename is still the one that was opened.
    /// </summary>
    /// <remarks>A change that keeps the size is told by its time, to the tick of the file system's clock.</remarks>
    /// <exception cref="IOException">It was changed.</exception>
    public void RequireUnchanged() => Container.RequireUnchanged();

    /// <inheritdoc/>
    public void Dispose() => Container.Dispose();

    private byte* Data(string name) => Container.Data(Container.Find(name)!);

    private void CheckDescription()
    {
        ModelConfig config = Description.Config;
        if (config.Fault() is string fault)
            throw Fault(ModelMetadata.Config, fault);
        if (Description.Head.Fault() is string headFault)
            throw Fault(ModelMetadata.Head, headFault);
        if (Description.Embedding?.Fault() is string embeddingFault)
            throw Fault(ModelMetadata.Embedding, embeddingFault);
        if (Description.Vocabulary.Count != config.VocabSize)
            throw Fault(
                ModelMetadata.Vocab, $"{Description.Vocabulary.Count} tokens for {config.VocabSize} embeddings");
        if (Description.NeedsVersion3 && Metadata[ModelMetadata.Format] == ModelMetadata.Version2)
            throw Fault(ModelMetadata.Format, $"version 2, but with settings of version {ModelMetadata.Version3}");
        if (Description.Tokenizer.Fault(Description.Vocabulary) is string tokenizerFault)
            throw Fault(ModelMetadata.Tokenizer, tokenizerFault);
        if (Quantization.Fault() is string schemeFault)
            throw Fault(ModelMetadata.Quantization, schemeFault);
        if (Golden.Any(vector => vector is null || !vector.Fits(config)))
            throw Fault(
                ModelMetadata.Golden,
                "an input has no tokens or more than a text can have, or other tokens, segments or hidden states than "
                    + "the model");
        long stored = 0;
        foreach (TensorEntry tensor in Container.Tensors)
            stored += tensor.ByteLength;
        if (config.WeightCount > stored)
            throw Fault(
                ModelMetadata.Config, $"its {config.WeightCount} weights do not fit the {stored} bytes of the file");
    }

    private void CheckTensors()
    {
        TensorEntry[] expected = [.. ModelTensors.For(Description)
            .SelectMany(spec => StoredTensors.For(spec, scheme.Of(spec)))];
        for (int i = 0; i < Math.Max(expected.Length, Container.Tensors.Count); i++)
        {
            TensorEntry? want = i < expected.Length ? expected[i] : null;
            TensorEntry? found = i < Container.Tensors.Count ? Container.Tensors[i] : null;
            if (want is null)
                throw Fault($"tensor '{found!.Name}'", "not a tensor of this model");
            if (found?.Name != want.Name)
                throw Fault(
                    $"tensor '{want.Name}'", found is null ? "missing" : $"missing; '{found.Name}' is in its place");
            if (found.Type != want.Type || !found.Shape.SequenceEqual(want.Shape))
                throw Fault($"tensor '{want.Name}'",
                    $"is {Elements.Name(found.Type)} {found.ShapeText} "
                    + $"instead of {Elements.Name(want.Type)} {want.ShapeText}");
            if (found.ByteLength > Array.MaxLength)
                throw Fault(
                    $"tensor '{want.Name}'", $"{found.ByteLength} bytes; a tensor has at most {Array.MaxLength}");
            if (Container.DataOffset(found) % SafetensorsWriter.Alignment != 0)
                throw Fault($"tensor '{want.Name}'", "does not start at a multiple of 64 bytes");
        }
    }

    private void CheckData()
    {
        XxHash128 hash = new();
        ReadOnlySpan<byte> weights = [];   // of the matrix whose sums come two tensors later
        GauFormatException? sumFault = null;   // where a bit has flipped, the hash says so in plainer words
        foreach (TensorEntry tensor in Container.Tensors)
        {
            ReadOnlySpan<byte> bytes = Container.Span(tensor);
            hash.Append(bytes);
            if (StoredValues.Fault(tensor, bytes) is string fault)
                throw Fault($"tensor '{tensor.Name}'", fault);
            if (tensor.Type == ElementType.Int8)
                weights = bytes;
            if (tensor.Type == ElementType.Int16 && sumFault is null
                && ColumnSums.Fault(weights, bytes, (int)tensor.Shape[0], BlockOf(tensor)) is string wrong)
                sumFault = Fault($"tensor '{tensor.Name}'", wrong);
        }
        if (ModelMetadata.Hex(hash) != Hash)
            throw Fault(ModelMetadata.Hash, "the weights do not match their hash; the file is damaged");
        if (sumFault is not null)
            throw sumFault;
    }

    private int BlockOf(TensorEntry sums) => scheme.Of(specs[sums.Name[..^StoredTensors.Sum.Length]]).Block;

    private GauFormatException Fault(string place, string reason) => new(Path, place, reason);
}
