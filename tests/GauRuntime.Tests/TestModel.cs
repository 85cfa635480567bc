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
        bool gau = c.GetProperty("model_type").GetString() == "gau_alpha";
        int Number(string name) => c.GetProperty(name).GetInt32();
        int heads = gau ? 1 : Number("num_attention_heads");
        int h = Number("hidden_size"), e = Number("intermediate_size"), layers = Number("num_hidden_layers");
        ModelConfig config = gau
            ? GauConfig(Number("vocab_size"), h, e, Number("attention_key_size"), layers)
            : RoFormerConfig(Number("vocab_size"), h, e, heads, h / heads, layers);
        config = config with { SegmentCount = Number("type_vocab_size") };
        HeadConfig head = HeadOf(c.GetProperty("architectures")[0].GetString()!, gau);
        using SafetensorsFile file = SafetensorsFile.Open(Fixtures.Path([.. folder, "model.safetensors"]));
        Dictionary<string, float[]> weights = [];
        foreach (TensorSpec spec in ModelTensors.For(config, head))
        {
            TensorEntry tensor = file.Find(PyTorchName(spec.Name, gau, head))
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

    private static HeadConfig HeadOf(string architecture, bool gau)
    {
        string[] labels = ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"];
        if (architecture.EndsWith("MaskedLM", StringComparison.Ordinal))
            return NoHead;
        if (architecture.EndsWith("SequenceClassification", StringComparison.Ordinal))
            return NoHead with
            {
                Kind = HeadKind.SequenceClassification, Labels = labels,
                HasDense = !gau, DenseActivation = gau ? Activation.Identity : Activation.Relu,
            };
        if (architecture.EndsWith("TokenClassification", StringComparison.Ordinal))
            return NoHead with { Kind = HeadKind.TokenClassification, Labels = labels };
        return architecture.EndsWith("MultipleChoice", StringComparison.Ordinal)
            ? NoHead with { Kind = HeadKind.MultipleChoice }
            : NoHead with { Kind = HeadKind.QuestionAnswering, Labels = ["start", "end"] };
    }

    private static string PyTorchName(string name, bool gau, HeadConfig head)
    {
        string prefix = gau ? "gau_alpha." : "roformer.";
        if (name == ModelTensors.WordEmbedding)
            return prefix + "embeddings.word_embeddings.weight";
        if (name == ModelTensors.SegmentEmbedding)
            return prefix + "embeddings.token_type_embeddings.weight";
        string suffix = name.EndsWith(".bias", StringComparison.Ordinal) ? ".bias" : ".weight";
        string stem = suffix == ".bias" ? name[..^5] : name;
        if (stem == ModelTensors.HeadDense)
            return "classifier.dense" + suffix;
        if (stem == ModelTensors.HeadOut)
            return (head.Kind == HeadKind.QuestionAnswering ? "qa_outputs" : head.HasDense ? "classifier.out_proj" : "classifier") + suffix;
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
}
