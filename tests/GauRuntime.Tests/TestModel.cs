using System.Text.Json;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Tests;

/// <summary>
/// A model's description and its logical weights [out, in], as the fixtures or a random draw give them.
/// </summary>
internal sealed record TestModel(ModelConfig Config, HeadConfig Head, IReadOnlyDictionary<string, float[]> Weights)
{
    public static HeadConfig NoHead => TinyModel.NoHead;

    /// <summary>
    /// Reads <c>model.safetensors</c> and <c>config.json</c> of a fixture folder, with PyTorch's names.
    /// </summary>
    public static TestModel Read(params string[] folder)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path([.. folder, "config.json"])));
        JsonElement c = json.RootElement;
        Architecture architecture = c.GetProperty("model_type").GetString() switch
        {
            "gau_alpha" => Architecture.GauAlpha,
            "bert" => Architecture.Bert,
            _ => c.TryGetProperty("norm_type", out JsonElement norm) && norm.GetString() != "layer_norm"
                ? Architecture.RoFormerV2 : Architecture.RoFormer,
        };
        int Number(string name) => c.GetProperty(name).GetInt32();
        bool gau = architecture == Architecture.GauAlpha;
        int h = Number("hidden_size"), v = Number("vocab_size");
        int heads = gau ? 1 : Number("num_attention_heads");
        string @class = c.GetProperty("architectures")[0].GetString()!;
        ModelConfig config = ConfigOf(architecture) with
        {
            VocabSize = v, HiddenSize = h, IntermediateSize = Number("intermediate_size"), HeadCount = heads,
            LayerCount = Number("num_hidden_layers"), SegmentCount = Number("type_vocab_size"),
            KeySize = gau ? Number("attention_key_size") : h / heads,
        };
        if (config.Traits.HasLayerNorm)
            config = config with
            {
                PositionCount = architecture == Architecture.Bert ? Number("max_position_embeddings") : 0,
                EmbeddingSize = c.TryGetProperty("embedding_size", out JsonElement width)
                    && width.GetInt32() != h ? width.GetInt32() : null,
                MaskedLmTransform = @class.EndsWith("MaskedLM", StringComparison.Ordinal)
                    || @class.EndsWith("PreTraining", StringComparison.Ordinal),
            };
        HeadConfig head = HeadOf(@class, architecture);
        if (c.TryGetProperty("summary_type", out JsonElement summary))
            head = head with { Pooling = summary.GetString() == "first" ? Pooling.First : Pooling.Last };
        using SafetensorsFile file = SafetensorsFile.Open(Fixtures.Path([.. folder, "model.safetensors"]));
        Dictionary<string, float[]> weights = [];
        foreach (TensorSpec spec in ModelTensors.For(config, head))
        {
            TensorEntry tensor = file.Find(PyTorchName(spec.Name, architecture, head))
                ?? throw new InvalidDataException($"fixture lacks {spec.Name}");
            weights[spec.Name] = new float[tensor.ElementCount];
            Elements.ToSingle(tensor.Type, file.Span(tensor), weights[spec.Name]);
        }
        return new TestModel(config, head, weights);
    }

    /// <summary>Seeded random weights of a size that keeps activations lively.</summary>
    public static TestModel Random(ModelConfig config, int seed, HeadConfig? head = null)
    {
        Random random = new(seed);
        head ??= NoHead;
        Dictionary<string, float[]> weights = [];
        foreach (TensorSpec spec in ModelTensors.For(config, head))
        {
            bool matrix = spec.Rows > 1, gamma = spec.Name.EndsWith("gamma", StringComparison.Ordinal);
            bool embedding = spec.Name.StartsWith("embeddings", StringComparison.Ordinal);
            double scale = embedding ? 1 : matrix ? 1.6 / Math.Sqrt(spec.Columns) : 0.6;
            weights[spec.Name] = new float[spec.Rows * spec.Columns];
            foreach (ref float w in weights[spec.Name].AsSpan())
                w = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2 * scale + (gamma ? 0.5 : 0));
        }
        return new TestModel(config, head, weights);
    }

    public static ModelConfig GauConfig(int v = 50, int h = 24, int e = 36, int s = 20, int layers = 2) =>
        TinyModel.GauConfig(v, h, e, s, layers);

    public static ModelConfig RoFormerConfig(
        int v = 50, int h = 30, int e = 36, int heads = 3, int s = 10, int layers = 2) =>
        GauConfig(v, h, e, s, layers) with
        {
            Architecture = Architecture.RoFormerV2, HeadCount = heads, HiddenAct = Activation.Relu,
            Normalization = Normalization.Softmax,
        };

    /// <summary>BERT, whose activation may be changed.</summary>
    public static ModelConfig BertConfig(
        int v = 50, int h = 30, int e = 36, int heads = 3, int layers = 2, int positions = 1200) =>
        RoFormerConfig(v, h, e, heads, h / heads, layers) with
        {
            Architecture = Architecture.Bert, HiddenAct = Activation.Gelu, UseBias = true, PositionCount = positions,
            MaskedLmTransform = true,
        };

    /// <summary>RoFormer, version 1.</summary>
    public static ModelConfig RoFormerV1Config(int v = 50, int h = 30, int e = 36, int heads = 3, int layers = 2) =>
        BertConfig(v, h, e, heads, layers) with { Architecture = Architecture.RoFormer, PositionCount = 0 };

    /// <summary>A small model of any architecture.</summary>
    public static ModelConfig ConfigOf(Architecture architecture) =>
        TinyModel.ConfigOf(architecture, v: 50, h: 30, e: 36, heads: 3);

    /// <summary>Writes the model and loads it on a tier.</summary>
    public GauModel Load(string path, WeightType type, string tier, int block = 64) =>
        Load(path, new StorageScheme(type, block), tier);

    /// <summary>The same, with matrices stored in several ways.</summary>
    public GauModel Load(string path, StorageScheme scheme, string tier)
    {
        ModelDescription description = TinyModel.Describe(Config, Head, Vocabulary());
        if (!File.Exists(path))
            ModelFileWriter.Write(path, description, scheme, (spec, w) => Weights[spec.Name].CopyTo(w));
        return GauModel.Load(path, tier);
    }

    private string[] Vocabulary()
    {
        string[] special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        return
        [
            .. special,
            .. Enumerable.Range(0, Config.VocabSize - special.Length).Select(i => ((char)(0x4E00 + i)).ToString()),
        ];
    }

    private static HeadConfig HeadOf(string @class, Architecture architecture)
    {
        HeadKind kind = Enum.GetValues<HeadKind>().FirstOrDefault(
            one => @class.EndsWith(one.ToString(), StringComparison.Ordinal));   // masked LM where it is none of them
        HeadConfig head = TinyModel.HeadOf(architecture, kind);
        return head.Labels.Count == 0
            ? head : head with { Labels = ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"] };
    }

    private static string PyTorchName(string name, Architecture architecture, HeadConfig head)
    {
        string prefix = architecture switch
        {
            Architecture.GauAlpha => "gau_alpha.",
            Architecture.Bert => "bert.",
            _ => "roformer.",
        };
        if (architecture is Architecture.Bert or Architecture.RoFormer && Norm(name) is { } norm)
            return norm.StartsWith("cls.", StringComparison.Ordinal) ? norm : prefix + norm;
        if (name == ModelTensors.WordEmbedding)
            return prefix + "embeddings.word_embeddings.weight";
        if (name == ModelTensors.SegmentEmbedding)
            return prefix + "embeddings.token_type_embeddings.weight";
        string suffix = name.EndsWith(".bias", StringComparison.Ordinal) ? ".bias" : ".weight";
        string stem = suffix == ".bias" ? name[..^5] : name;
        if (name == ModelTensors.PositionEmbedding)
            return prefix + "embeddings.position_embeddings.weight";
        if (stem == ModelTensors.EmbeddingProjection)
            return prefix + "embeddings_project" + suffix;
        if (stem == ModelTensors.MaskedLmTransform)
            return "cls.predictions.transform.dense" + suffix;
        if (name == ModelTensors.MaskedLmBias)
            return "cls.predictions.bias";
        if (stem == ModelTensors.HeadDense)
            return (architecture == Architecture.Bert ? "bert.pooler.dense" : "classifier.dense") + suffix;
        if (stem == ModelTensors.HeadOut)
            return (head.Kind == HeadKind.QuestionAnswering ? "qa_outputs" : head.HasDense && architecture != Architecture.Bert ? "classifier.out_proj" : "classifier") + suffix;
        string[] parts = stem.Split('.', 3);
        string part = parts[2] switch
        {
            "gau.q_gamma" => "gau.q_scaleoffset",
            "gau.k_gamma" => "gau.k_scaleoffset",
            "attention.output" => "attention.output.dense",
            "ffn.intermediate" => "intermediate.dense",
            "ffn.output" => "output.dense",
            string attention when attention.StartsWith("attention.", StringComparison.Ordinal) =>
                attention.Replace("attention.", "attention.self.", StringComparison.Ordinal),
            string other => other,
        };
        return $"{prefix}encoder.layer.{parts[1]}.{part}{suffix}";
    }

    /// <summary>γ or β of a LayerNorm; null for another tensor.</summary>
    private static string? Norm(string name)
    {
        string suffix = name.EndsWith(".norm.gamma", StringComparison.Ordinal) ? ".weight"
            : name.EndsWith(".norm.beta", StringComparison.Ordinal) ? ".bias" : "";
        string[] parts = name.Split('.');
        return suffix.Length == 0 ? null : parts[0] switch
        {
            "embeddings" => "embeddings.LayerNorm" + suffix,
            "mlm" => "cls.predictions.transform.LayerNorm" + suffix,
            _ => $"encoder.layer.{parts[1]}.{(parts[2] == "attention" ? "attention.output" : "output")}.LayerNorm{suffix}",
        };
    }
}
