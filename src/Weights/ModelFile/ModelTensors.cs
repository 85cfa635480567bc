namespace GauRuntime.Weights.ModelFile;

/// <summary>The one list of a model's tensors: writer, reader, converter and runtime derive from it.</summary>
internal static class ModelTensors
{
    /// <summary>Word embeddings E [V, h], also the masked-LM head where it has no <see cref="Decoder"/>.</summary>
    public const string WordEmbedding = "embeddings.word";

    /// <summary>Segment embeddings T [segments, h].</summary>
    public const string SegmentEmbedding = "embeddings.segment";

    /// <summary>Learned positions [positions, h].</summary>
    public const string PositionEmbedding = "embeddings.position";

    /// <summary>γ and β of the embeddings' norm.</summary>
    public const string EmbeddingNorm = "embeddings.norm";

    /// <summary>Dense layer from the width of the embeddings to h, after their norm.</summary>
    public const string EmbeddingProjection = "embeddings.projection";

    /// <summary>Dense layer of the masked LM, from h to the width of the embeddings.</summary>
    public const string MaskedLmTransform = "mlm.transform";

    /// <summary>γ and β of the masked LM's norm.</summary>
    public const string MaskedLmNorm = "mlm.norm";

    /// <summary>Bias of the masked LM [V].</summary>
    public const string MaskedLmBias = "mlm.bias";

    /// <summary>Masked-LM matrix [V, h] of a model whose head is not tied to the word embeddings.</summary>
    public const string Decoder = "mlm.decoder";

    /// <summary>Dense layer of the head [m, h]; m = h unless the head says otherwise.</summary>
    public const string HeadDense = "head.dense";

    /// <summary>Classifier [outputs, m], or [outputs, h] where there is no dense layer.</summary>
    public const string HeadOut = "head.out";

    /// <summary>A dense layer behind the pooling: <c>embedding.dense.{i}</c> [out, in].</summary>
    public static string EmbeddingDense(int layer) => $"embedding.dense.{layer}";

    /// <summary>A tensor of layer i: <c>layers.{i}.{part}</c>.</summary>
    public static string Layer(int layer, string part) => $"layers.{layer}.{part}";

    /// <summary>The bias that belongs to a dense layer.</summary>
    public static string Bias(string dense) => dense + ".bias";

    /// <summary>γ of a norm.</summary>
    public static string Gamma(string norm) => norm + ".gamma";

    /// <summary>β of a norm.</summary>
    public static string Beta(string norm) => norm + ".beta";

    /// <summary>All tensors of a model, in canonical order, which is also the order of their data.</summary>
    public static IReadOnlyList<TensorSpec> For(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IReadOnlyList<TensorSpec> tensors = For(model.Config, model.Head);
        return model.Embedding is { } embedding ? [.. tensors, .. Embedding(embedding, model.Config)] : tensors;
    }

    /// <summary>The dense layers behind the pooling, in order.</summary>
    public static IEnumerable<TensorSpec> Embedding(EmbeddingConfig embedding, ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(config);
        int width = config.HiddenSize * embedding.Poolings.Count, layer = 0;
        foreach (EmbeddingDense dense in embedding.Steps.Select(step => step.Dense).OfType<EmbeddingDense>())
        {
            foreach (TensorSpec tensor in Dense(
                EmbeddingDense(layer++), TensorRole.FloatMatrix, AxisLayout.Plain(dense.Size),
                AxisLayout.Plain(width), dense.Bias))
                yield return tensor;
            width = dense.Size;
        }
    }

    /// <summary>The tensors of encoder and head, in canonical order.</summary>
    public static IReadOnlyList<TensorSpec> For(ModelConfig config, HeadConfig head)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(head);
        AxisLayout h = AxisLayout.Plain(config.HiddenSize), width = AxisLayout.Plain(config.EmbeddingWidth);
        List<TensorSpec> tensors = [new(WordEmbedding, TensorRole.Matrix, AxisLayout.Plain(config.VocabSize), width)];
        if (config.SegmentCount > 0)
            tensors.Add(new(SegmentEmbedding, TensorRole.Rows, AxisLayout.Plain(config.SegmentCount), width));
        if (config.PositionCount > 0)
            tensors.Add(new(PositionEmbedding, TensorRole.Rows, AxisLayout.Plain(config.PositionCount), width));
        tensors.AddRange(Norm(config, EmbeddingNorm, width));
        if (config.EmbeddingSize is not null)
            tensors.AddRange(Dense(EmbeddingProjection, TensorRole.Matrix, h, width, hasBias: true));
        for (int layer = 0; layer < config.LayerCount; layer++)
            tensors.AddRange(config.Traits.LayerTensors(config, layer));
        if (config.MaskedLmTransform)
        {
            tensors.AddRange(Dense(MaskedLmTransform, TensorRole.FloatMatrix, width, h, hasBias: true));
            tensors.AddRange(Norm(config, MaskedLmNorm, width));
            tensors.Add(Vector(MaskedLmBias, AxisLayout.Plain(config.VocabSize)));
        }
        if (config.UntiedDecoder)
            tensors.Add(new(Decoder, TensorRole.Matrix, AxisLayout.Plain(config.VocabSize), width));
        AxisLayout m = head.DenseSize is int size ? AxisLayout.Plain(size) : h;
        if (head.HasDense)
            tensors.AddRange(Dense(HeadDense, TensorRole.FloatMatrix, m, h, hasBias: true));
        if (head.OutputCount > 0)
            tensors.AddRange(
                Dense(HeadOut, TensorRole.FloatMatrix, AxisLayout.Plain(head.OutputCount), m, hasBias: true));
        return tensors;
    }

    /// <summary>The tensors of a gated attention unit.</summary>
    internal static IEnumerable<TensorSpec> GatedAttentionUnit(ModelConfig config, int layer)
    {
        AxisLayout h = AxisLayout.Plain(config.HiddenSize);
        AxisLayout gated = AxisLayout.Gated(config.IntermediateSize, config.KeySize);
        AxisLayout key = AxisLayout.Rotary(1, config.KeySize);
        AxisLayout e = AxisLayout.Plain(config.IntermediateSize);
        string Name(string part) => Layer(layer, "gau." + part);

        foreach (TensorSpec tensor in Dense(Name("i_dense"), TensorRole.Matrix, gated, h, config.UseBias))
            yield return tensor;
        foreach (string part in (string[])["q_gamma", "k_gamma"])
            yield return Vector(Name(part), key);
        if (config.UseBias)
            foreach (string part in (string[])["q_beta", "k_beta"])
                yield return Vector(Name(part), key);
        foreach (TensorSpec tensor in Dense(Name("o_dense"), TensorRole.Matrix, h, e, config.UseBias))
            yield return tensor;
    }

    /// <summary>The tensors of attention with several heads and a feed-forward network.</summary>
    internal static IEnumerable<TensorSpec> AttentionFfn(ModelConfig config, int layer)
    {
        AxisLayout h = AxisLayout.Plain(config.HiddenSize);
        AxisLayout keys = AxisLayout.Rotary(config.HeadCount, config.KeySize);
        AxisLayout values = config.RotaryValue
            ? AxisLayout.Rotary(config.HeadCount, config.HeadSize)
            : AxisLayout.Heads(config.HeadCount, config.HeadSize);
        AxisLayout e = AxisLayout.Plain(config.IntermediateSize);
        IEnumerable<TensorSpec> Matrix(string part, AxisLayout outputs, AxisLayout inputs) =>
            Dense(Layer(layer, part), TensorRole.Matrix, outputs, inputs, config.UseBias);

        return
        [
            .. Matrix("attention.query", keys, h),
            .. Matrix("attention.key", keys, h),
            .. Matrix("attention.value", values, h),
            .. Matrix("attention.output", h, values),
            .. Norm(config, Layer(layer, "attention.norm"), h),
            .. Matrix("ffn.intermediate", e, h),
            .. Matrix("ffn.output", h, e),
            .. Norm(config, Layer(layer, "ffn.norm"), h),
        ];
    }

    /// <summary>γ and β of a norm, where its kind has them.</summary>
    private static TensorSpec[] Norm(ModelConfig config, string name, AxisLayout layout) =>
        config.Traits.HasLayerNorm ? [Vector(Gamma(name), layout), Vector(Beta(name), layout)] : [];

    private static IEnumerable<TensorSpec> Dense(
        string name, TensorRole role, AxisLayout outputs, AxisLayout inputs, bool hasBias)
    {
        yield return new(name, role, outputs, inputs);
        if (hasBias)
            yield return Vector(Bias(name), outputs);
    }

    private static TensorSpec Vector(string name, AxisLayout layout) =>
        new(name, TensorRole.Rows, AxisLayout.Plain(1), layout);
}
