using System.Text;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Models of the published sizes with seeded weights, for measurements that need no checkpoint.</summary>
/// <remarks>
/// A tensor depends on its name and shape only, and is the same to the last bit on every machine. The deviations keep
/// activations as lively as after training: hidden states of RMS 1, scores that differ by 1 to 2 between keys.
/// Thread-safe.
/// </remarks>
internal static class RandomModel
{
    private const int VocabSize = 12_000;

    private static readonly string[] SpecialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private static readonly (string Name, Func<ModelConfig> Config)[] Known =
    [
        ("base", () => Gau(layers: 24, h: 768, e: 1536, s: 128)),
        ("roformer-v2-small", () => RoFormer(layers: 6, h: 384, e: 1536, heads: 6)),
        ("roformer-v2-base", () => RoFormer(layers: 12, h: 768, e: 3072, heads: 12)),
        ("roformer-v2-large", () => RoFormer(layers: 24, h: 1024, e: 4096, heads: 16)),
        ("bert-base", () => Bert(Architecture.Bert)),
        ("roformer-base", () => Bert(Architecture.RoFormer)),
    ];

    /// <summary>Names of the sizes: GAU-α base, RoFormerV2, BERT and RoFormer base.</summary>
    public static IReadOnlyList<string> Sizes { get; } = [.. Known.Select(size => size.Name)];

    /// <summary>A masked LM of a published size, with a made-up vocabulary of Chinese characters.</summary>
    /// <exception cref="ArgumentException">There is no such size.</exception>
    public static ModelDescription Describe(string size)
    {
        int index = Array.FindIndex(Known, known => known.Name == size);
        if (index < 0)
            throw new ArgumentException($"'{size}' is none of {string.Join(", ", Sizes)}", nameof(size));
        return new ModelDescription
        {
            Config = Known[index].Config(),
            Head = new HeadConfig
            {
                Kind = HeadKind.MaskedLm, Labels = [], Pooling = Pooling.First, HasDense = false,
                DenseActivation = Activation.Identity, ProblemType = ProblemType.SingleLabel,
                Segments = SegmentPolicy.Zeros,
            },
            Tokenizer = new TokenizerConfig { LowerCase = true, Rules = Dialect.Port },
            Vocabulary =
            [
                .. SpecialTokens,
                .. Enumerable.Range('一', VocabSize - SpecialTokens.Length).Select(c => ((char)c).ToString()),
            ],
            Provenance = new Provenance
            {
                SourceKind = "random", SourceSha256 = "", Converter = "GauRuntime", Options = size, Date = "2026-01-01",
            },
        };
    }

    /// <summary>The logical weights of a tensor, row-major [out, in].</summary>
    /// <param name="model">A model of any size.</param>
    /// <param name="name">A name of <see cref="ModelTensors"/>.</param>
    /// <exception cref="ArgumentException">The model has no such tensor.</exception>
    public static float[] Tensor(ModelDescription model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        TensorSpec spec = ModelTensors.For(model).FirstOrDefault(tensor => tensor.Name == name)
            ?? throw new ArgumentException($"the model has no tensor '{name}'", nameof(name));
        float[] weights = new float[checked(spec.Rows * spec.Columns)];
        Fill(spec, weights);
        return weights;
    }

    /// <summary>Writes a model file; its attention is of the weights' type, as the converter has it.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="model">A model of any size.</param>
    /// <param name="type">How the matrices are stored.</param>
    /// <param name="block">
    /// Inputs per int8 block: 32, 64, 128 or 256, or null: each as usual (<see cref="StorageScheme.Usual"/>); ignored
    /// for float.
    /// </param>
    /// <param name="progress">Called after every matrix, or null; may throw to end the work.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public static void Write(
        string path, ModelDescription model, WeightType type, int? block, Action<TensorReport>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        AttentionType attention = type == WeightType.Int8 ? AttentionType.Int8 : AttentionType.F32;
        ModelFileWriter.Write(
            path, model with { Config = model.Config with { Attention = attention } }, type, block, Fill, progress);
    }

    /// <summary>Draws weights: four 16-bit numbers of SplitMix64 add up to nearly a normal one.</summary>
    private static void Fill(TensorSpec spec, Span<float> weights)
    {
        const int mean = 4 * ushort.MaxValue / 2;
        double units = Math.Sqrt(4 * ((1L << 32) - 1) / 12.0);   // deviation of the sum
        float scale = (float)(Deviation(spec) / units), center = Part(spec) == "gamma" ? 1 : 0;
        SplitMix64 stream = new(Seed(spec.Name));
        foreach (ref float weight in weights)
        {
            ulong bits = stream.Next();
            int sum = (ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48);
            weight = (sum - mean) * scale + center;
        }
    }

    private static double Deviation(TensorSpec spec)
    {
        if (spec.Name == ModelTensors.WordEmbedding)
            return 0.5;   // masked-LM logits of 0.5 √h
        string part = Part(spec);
        if (spec.Role == TensorRole.Rows)
            // q and k come of z = swish(N(0, 1)) with E[z²] = 0.36: scores of 0.36 · 2².
            return part switch
            {
                "q_gamma" or "k_gamma" => 2,
                "gamma" => 0.2,   // around 1: around 0, the norms of few layers leave few features alive
                _ => 0.1,
            };
        double factor = part switch
        {
            "query" or "key" => 1.2,     // scores of 1.2²
            "output" => 0.3,             // more, and the tokens of a text become one and the same within few layers
            _ => 1,
        };
        return factor / Math.Sqrt(spec.Columns);
    }

    private static string Part(TensorSpec spec) => spec.Name[(spec.Name.LastIndexOf('.') + 1)..];

    /// <summary>FNV-1a of the name.</summary>
    private static ulong Seed(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }

    private static ModelConfig Gau(int layers, int h, int e, int s) => new()
    {
        Architecture = Architecture.GauAlpha, VocabSize = VocabSize, HiddenSize = h, IntermediateSize = e,
        LayerCount = layers, SegmentCount = 2, HeadCount = 1, KeySize = s, HiddenAct = Activation.Swish,
        Normalization = Normalization.SoftmaxPlus, AttentionScale = true, UseBias = false, Eps = 1e-12, MinKeys = 1,
        FirstAlwaysKey = false, PadTokenId = 0, Dialect = Dialect.Port,
    };

    private static ModelConfig RoFormer(int layers, int h, int e, int heads) => Gau(layers, h, e, h / heads) with
    {
        Architecture = Architecture.RoFormerV2, HeadCount = heads, HiddenAct = Activation.Relu,
        Normalization = Normalization.Softmax,
    };

    private static ModelConfig Bert(Architecture architecture) => RoFormer(layers: 12, h: 768, e: 3072, heads: 12) with
    {
        Architecture = architecture, HiddenAct = Activation.Gelu, UseBias = true, MaskedLmTransform = true,
        PositionCount = architecture == Architecture.Bert ? 512 : 0,
    };
}
