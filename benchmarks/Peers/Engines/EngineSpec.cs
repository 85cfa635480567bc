using GauRuntime.Benchmarks.Peers.Onnx;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>An engine that can be opened: a model, a runtime, a number type.</summary>
/// <param name="Model">gau, roformer or bert.</param>
/// <param name="Name">ours-int8, ort-f32, …</param>
/// <param name="Title">For tables.</param>
/// <param name="MaxLength">Longest text it takes.</param>
/// <param name="Standard">Whether it runs without being asked for by name.</param>
internal sealed record EngineSpec(string Model, string Name, string Title, int MaxLength, bool Standard)
{
    private static Dictionary<string, string> Titles { get; } = new()
    {
        ["ours-int8"] = "ours, int8", ["ours-int8-256"] = "ours, int8 blocks of 256", ["ours-f32"] = "ours, F32",
        ["ort-int8"] = "ONNX Runtime, int8", ["ort-f32"] = "ONNX Runtime, F32",
        ["ort-int8-nbits"] = "ONNX Runtime, int8 blocks",
        ["ort-int8-dynamic"] = "ONNX Runtime, int8 fused",
        ["torch-f32"] = "libtorch, F32", ["torch-bf16"] = "libtorch, bfloat16",
    };

    /// <summary>For <c>--engines</c> and the raw results.</summary>
    public string Id => $"{Model}:{Name}";

    /// <summary>With the model, for tables of several.</summary>
    public string FullTitle =>
        Model switch { "gau" => "GAU-α", "roformer" => "RoFormerV2", _ => "BERT" } + $" {Title}";

    /// <summary>Name and version of the runtime.</summary>
    public string Version => Name.Split('-')[0] switch
    {
        "ours" => OurEngine.Version, "torch" => TorchEngine.Version, _ => OnnxEngine.Version,
    };

    /// <summary>Whether it is this runtime.</summary>
    public bool Ours => Name.StartsWith("ours", StringComparison.Ordinal);

    /// <summary>Whether its products are of integers.</summary>
    public bool Integers => Name.Contains("int8", StringComparison.Ordinal);

    /// <summary>Whether all its arithmetic is F32.</summary>
    public bool Floats => Name.EndsWith("f32", StringComparison.Ordinal);

    /// <summary>All engines, in the order in which they take turns.</summary>
    public static IReadOnlyList<EngineSpec> All { get; } =
    [
        .. Of(
            "gau", int.MaxValue, "ours-int8", "ours-int8-256", "ours-f32", "ort-int8", "ort-f32", "ort-int8-nbits"),
        new("gau", "ort-int8-dynamic", Titles["ort-int8-dynamic"], int.MaxValue, Standard: false),
        .. Of("gau", int.MaxValue, "torch-f32", "torch-bf16"),
        .. Of("roformer", int.MaxValue, "ours-int8", "ours-f32", "ort-int8", "ort-f32"),
        .. Of("bert", BertGraph.Positions, "ort-int8", "ort-f32"),
    ];

    /// <summary>Sizes of the model.</summary>
    public ModelDescription Description => Model switch
    {
        "gau" => RandomModel.Describe("base"), "roformer" => RandomModel.Describe("roformer-v2-base"),
        _ => BertGraph.Bert,
    };

    /// <summary>null, or why the engine cannot run here.</summary>
    public string? Fault() => Name.StartsWith("torch", StringComparison.Ordinal) ? TorchEngine.Fault() : null;

    /// <summary>Opens the engine, writing the model into a folder unless it is there.</summary>
    /// <param name="folder">Where model files are.</param>
    /// <param name="masked">For padded batches.</param>
    /// <param name="threads">Threads of a run.</param>
    public IEngine Open(string folder, bool masked, int threads)
    {
        (int each, int callers) = masked ? (1, threads) : (threads, 1);   // many batches: one thread each is faster
        string path = Path.Combine(folder, $"{Model}-{Name}{(masked ? "-masked" : "")}");
        switch (Name)
        {
            case "ours-int8" or "ours-int8-256" or "ours-f32":
                if (!File.Exists(path))
                    RandomModel.Write(
                        path, Description, Integers ? WeightType.Int8 : WeightType.F32,
                        block: Name == "ours-int8-256" ? 256 : 64);
                return new OurEngine(path, threads);
            case "torch-f32" or "torch-bf16":
                return TorchEngine.Open(Description, Name == "torch-bf16", masked, each, callers);
            default:
                if (!File.Exists(path))
                    Graph(masked).Write(path);
                return new OnnxEngine(path, each, callers);
        }
    }

    private EncoderGraph Graph(bool masked)
    {
        MatrixForm form = Name switch
        {
            "ort-f32" => MatrixForm.Float, "ort-int8-nbits" => MatrixForm.Blocks,
            "ort-int8-dynamic" => MatrixForm.Dynamic, _ => MatrixForm.Integer,
        };
        return Model switch
        {
            "gau" => new GauGraph(Description, form, masked), "roformer" => new RoFormerGraph(Description, form),
            _ => new BertGraph(form),
        };
    }

    private static IEnumerable<EngineSpec> Of(string model, int maxLength, params string[] names) =>
        names.Select(name => new EngineSpec(model, name, Titles[name], maxLength, Standard: true));
}
