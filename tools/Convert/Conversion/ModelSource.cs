using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Keras;
using GauRuntime.Convert.Names;
using GauRuntime.Convert.Onnx;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>A checkpoint that has been understood: what model it is and where each of its tensors stands.</summary>
/// <param name="Encoder">Sizes and switches.</param>
/// <param name="Head">The head.</param>
/// <param name="Tensors">The model's tensors, in canonical order.</param>
/// <param name="Map">Where they are in the checkpoint.</param>
/// <param name="HeadLayers">The layers taken for the head, from the encoder on; null for the port's own.</param>
internal sealed record ModelSource(
    ModelConfig Encoder, HeadConfig Head, IReadOnlyList<TensorSpec> Tensors, SourceMap Map, string? HeadLayers)
{
    /// <summary>How it makes vectors, where the files say; null otherwise.</summary>
    public EmbeddingConfig? Embedding { get; init; }

    /// <summary>The model with what stands behind its encoder in a folder of sentence-transformers.</summary>
    /// <param name="settings">What that folder says.</param>
    public ModelSource Behind(SentenceSettings? settings) => settings is null ? this : this with
    {
        Embedding = settings.Embedding,
        Tensors = [.. Tensors, .. ModelTensors.Embedding(settings.Embedding, Encoder)],
    };

    /// <summary>The model with a limit of its own for texts; null: none.</summary>
    public ModelSource CutAt(int? tokens) => this with { Head = Head with { MaxTokens = tokens } };

    /// <summary>Matches checkpoint and configuration; no weight is read.</summary>
    /// <exception cref="GauFormatException">They contradict each other, or one is not supported.</exception>
    public static ModelSource Read(ICheckpoint checkpoint, ConfigFile config, ConvertOptions options)
    {
        EncoderConfig.RequireKnown(config);
        KerasModel? keras = checkpoint is KerasCheckpoint file ? new KerasModel(file) : null;
        CheckpointNames? names = keras is null ? new CheckpointNames(checkpoint) : null;
        ModelConfig encoder =
            EncoderConfig.Read(config, keras?.Architecture ?? names!.Architecture, options.Dialect) with
            {
                Attention = options.AttentionType,
            };
        RequirePlausible(checkpoint, config, encoder);
        if (checkpoint is OnnxCheckpoint export)
            GraphConfig.RequireAgreement(export, config, encoder);
        if (keras is null)
            RequireLayers(options, checkpoint.Kind);
        IReadOnlyList<LinearLayer> beside =
            names is null ? [] : LinearLayers.Beside(checkpoint, names, encoder.HiddenSize);
        LinearLayer? layer = names is null || options.HeadLayer is null
            ? null : LinearLayers.Choose(checkpoint, beside, options.HeadLayer);
        HeadEvidence evidence = keras?.ChooseHead(encoder, options) ?? names!.Evidence(checkpoint, layer);
        LabelList? labels = options.Labels is null ? null : Labels.ReadFile(options.Labels);
        OwnHead? own = OwnHead.Read(config, encoder);
        HeadConfig head = HeadReader.Read(
            config, encoder, evidence, labels, Segments(options, encoder, own), options.AllowExtra, own);
        bool transform = encoder.Traits.TransformsMaskedLm && head.Kind == HeadKind.MaskedLm
            && (keras?.HasMaskedLm ?? (names!.HasMaskedLm || HeadReader.NamesMaskedLm(config)));
        encoder = encoder with
        {
            MaskedLmTransform = transform, MaskedLmEps = transform ? encoder.MaskedLmEps : null,
        };
        DecoderUse decoder = ReadDecoder(checkpoint, config, names, encoder, head);
        if (decoder == DecoderUse.Untied && !encoder.HasMaskedLm)
            decoder = DecoderUse.LeftOut;
        encoder = encoder with { UntiedDecoder = decoder == DecoderUse.Untied };
        IReadOnlyList<TensorSpec> tensors = ModelTensors.For(encoder, head);
        SourceMap map = keras is null
            ? SourceMap.ByName(
                checkpoint, names!, tensors, encoder, new NamedHead(head.Kind, layer, beside, encoder.HiddenSize),
                decoder, options.AllowExtra)
            : SourceMap.ByLayer((KerasCheckpoint)checkpoint, keras, tensors, encoder, options);
        string?[] layers = [keras?.Head?.Hidden?.Name, keras?.Head?.Output.Name, layer?.Name];
        string named = string.Join(" and ", layers.OfType<string>());
        return new ModelSource(encoder, head, tensors, map, named.Length == 0 ? null : named);
    }

    /// <summary>
    /// Segment ids of pairs: as the user says, else as the configuration, else as architecture and dialect have them.
    /// </summary>
    private static SegmentPolicy Segments(ConvertOptions options, ModelConfig encoder, OwnHead? own)
    {
        bool two = encoder.SegmentCount > 1;
        if (options.Segments == SegmentPolicy.Pairs && !two)
            throw new ToolException(ExitCode.Usage,
                $"--segments pairs needs two segment embeddings, and this model has {encoder.SegmentCount}: "
                + "leave it out.");
        return options.Segments ?? own?.Head.Segments ?? UsualSegments(encoder);
    }

    /// <summary>Segment ids of pairs where nobody says them.</summary>
    public static SegmentPolicy UsualSegments(ModelConfig encoder) =>
        encoder.SegmentCount > 1 && (encoder.Dialect == Dialect.Keras || encoder.Traits.HasLayerNorm)
            ? SegmentPolicy.Pairs : SegmentPolicy.Zeros;

    private static void RequireLayers(ConvertOptions options, CheckpointKind kind)
    {
        string name = CheckpointSource.KindName(kind);
        if (options.HeadActivation is not null)
            throw new ToolException(ExitCode.Usage,
                $"--head-activation is about layers of a Keras file, and this is a {name} checkpoint: leave it out.");
        if (options.HeadLayer is not null && kind == CheckpointKind.TensorFlow)
            throw new ToolException(ExitCode.Usage,
                $"--head-layer names the layer of a head, and a {name} checkpoint holds none: leave it out.");
    }

    private static DecoderUse ReadDecoder(
        ICheckpoint checkpoint, ConfigFile config, CheckpointNames? names, ModelConfig encoder, HeadConfig head)
    {
        TensorSpec word = ModelTensors.For(encoder, head)[0];
        string? name = names?.Of(word, head.Kind, null).Name;
        TensorEntry? embedding = name is null ? null : checkpoint.Tensors.FirstOrDefault(entry => entry.Name == name);
        bool maskedLm = head.Kind == HeadKind.MaskedLm && encoder.HasMaskedLm;
        return DecoderTie.Read(checkpoint, config, names?.Decoder, embedding, maskedLm);
    }

    /// <summary>Rows of the word embedding in the checkpoint; those behind the last token are never read.</summary>
    public long EmbeddingRows => Map.Sources[ModelTensors.WordEmbedding].Entry.Shape[0];

    /// <summary>The model of a vocabulary: rows of the word embedding without a token are left out.</summary>
    /// <param name="tokens">Tokens of the vocabulary.</param>
    /// <param name="config">Its <c>vocab_size</c> is the number of rows, or of tokens.</param>
    /// <param name="vocabulary">The file, for messages.</param>
    /// <exception cref="GauFormatException">There are fewer rows than tokens, or the sizes contradict.</exception>
    public ModelSource ForTokens(int tokens, ConfigFile config, string vocabulary)
    {
        if (tokens > EmbeddingRows)
            throw new GauFormatException(vocabulary, $"line {tokens}",
                $"{tokens} tokens, but the word embedding has {EmbeddingRows} rows");
        if (Encoder.VocabSize != tokens && Encoder.VocabSize != EmbeddingRows)
            throw config.Fault("vocab_size",
                $"{Encoder.VocabSize}, but the word embedding has {EmbeddingRows} rows and the vocabulary {tokens} "
                    + $"tokens");
        if (Encoder.PadTokenId >= tokens)
            throw config.Fault("pad_token_id", $"{Encoder.PadTokenId}, but the vocabulary has {tokens} tokens");
        ModelConfig encoder = Encoder with { VocabSize = tokens };
        return this with { Encoder = encoder, Tensors = ModelTensors.For(encoder, Head) };
    }

    /// <summary>Keeps what is allocated from a configuration in proportion to the checkpoint.</summary>
    private static void RequirePlausible(ICheckpoint checkpoint, ConfigFile config, ModelConfig encoder)
    {
        long widest = checkpoint.Tensors.Max(tensor => tensor.Shape.Count == 0 ? 1 : tensor.Shape.Max());
        foreach ((string key, int size) in ((string, int)[])[
            ("vocab_size", encoder.VocabSize), ("hidden_size", encoder.HiddenSize),
            ("intermediate_size", encoder.IntermediateSize), ("attention_key_size", encoder.KeySize)])
            if (size > widest)
                throw config.Fault(
                    key, $"{size}, but no tensor of the checkpoint is larger than {widest} in any dimension");
        if (encoder.LayerCount > checkpoint.Tensors.Count)
            throw config.Fault(
                "num_hidden_layers",
                $"{encoder.LayerCount}, but the checkpoint has only {checkpoint.Tensors.Count} tensors");
    }
}
