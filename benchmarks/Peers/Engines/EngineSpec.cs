using GauRuntime.Benchmarks.Peers.Engines.Torch;
using GauRuntime.Benchmarks.Peers.Onnx;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>An engine that can be opened: a model, a runtime, a number type.</summary>
/// <param name="Model">What it computes.</param>
/// <param name="Name">ours-int8, ort-f32, …</param>
internal sealed record EngineSpec(PeerModel Model, string Name)
{
    private static readonly string[] OwnNames = ["ours-int8", "ours-int8-256", "ours-f32"];
    private static readonly string[] OnnxNames = ["ort-int8", "ort-f32", "ort-int8-nbits"];
    private static readonly string[] TorchNames = ["torch-f32", "torch-bf16"];

    private static Dictionary<string, string> Titles { get; } = new()
    {
        ["ours-int8"] = "ours, int8", ["ours-int8-256"] = "ours, int8 blocks of 256", ["ours-f32"] = "ours, F32",
        ["ort-int8"] = "ONNX Runtime, int8", ["ort-f32"] = "ONNX Runtime, F32",
        ["ort-int8-nbits"] = "ONNX Runtime, int8 blocks",
        ["ort-int8-dynamic"] = "ONNX Runtime, int8 fused",
        ["ort-int8-attention"] = "ONNX Runtime, int8 Attention", ["ort-f32-attention"] = "ONNX Runtime, F32 Attention",
        ["torch-f32"] = "libtorch, F32", ["torch-bf16"] = "libtorch, bfloat16",
    };

    /// <summary>All engines, in the order in which they take turns.</summary>
    public static IReadOnlyList<EngineSpec> All { get; } =
    [
        .. Each(PeerModel.Gau, [.. OwnNames, .. OnnxNames, "ort-int8-dynamic", .. TorchNames]),
        .. Each(PeerModel.RoFormerV2, ["ours-int8", "ours-f32", "ort-int8", "ort-f32"]),
        .. Each(PeerModel.RoFormer, [.. OwnNames, .. OnnxNames, .. TorchNames]),
        .. Each(PeerModel.Bert, [.. OwnNames, .. OnnxNames, "ort-int8-attention", "ort-f32-attention", .. TorchNames]),
    ];

    /// <summary>For <c>--engines</c> and the raw results.</summary>
    public string Id => $"{Model.Id}:{Name}";

    /// <summary>For tables of one model.</summary>
    public string Title => Titles[Name];

    /// <summary>With the model, for tables of several.</summary>
    public string FullTitle => $"{Model.Title} {Title}";

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
    public bool Floats => Name.Contains("f32", StringComparison.Ordinal);

    /// <summary>Whether a part of its name is enough to ask for it.</summary>
    public bool Standard => Name != "ort-int8-dynamic";

    /// <summary>Tokens of the longest text that it takes.</summary>
    public int MaxLength => Name.StartsWith("ort", StringComparison.Ordinal)
        ? Math.Min(Model.MaxLength, EncoderGraph.MaxLength)
        : Model.MaxLength;

    /// <summary>The engine of an id.</summary>
    public static EngineSpec Of(string id) => All.Single(engine => engine.Id == id);

    /// <summary>null, or why the engine cannot run here.</summary>
    public string? Fault() => Name.StartsWith("torch", StringComparison.Ordinal) ? TorchEngine.Fault() : null;

    /// <summary>Opens the engine, writing the model into a folder unless it is there.</summary>
    /// <param name="folder">Where model files are.</param>
    /// <param name="masked">For padded batches.</param>
    /// <param name="threads">Threads of a run.</param>
    public IEngine Open(string folder, bool masked, int threads)
    {
        (int each, int callers) = masked ? (1, threads) : (threads, 1);   // many batches: one thread each is faster
        string path = Path.Combine(folder, $"{Model.Id}-{Name}{(masked && !Ours ? "-masked" : "")}");
        switch (Name)
        {
            case "ours-int8" or "ours-int8-256" or "ours-f32":
                if (!File.Exists(path))
                    RandomModel.Write(
                        path, Model.Description, Integers ? WeightType.Int8 : WeightType.F32,
                        block: Name == "ours-int8-256" ? 256 : 64);
                return new OurEngine(path, threads);
            case "torch-f32" or "torch-bf16":
                return TorchEngine.Open(Model, Name == "torch-bf16", masked, each, callers);
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
            "ort-f32" or "ort-f32-attention" => MatrixForm.Float, "ort-int8-nbits" => MatrixForm.Blocks,
            "ort-int8-dynamic" => MatrixForm.Dynamic, _ => MatrixForm.Integer,
        };
        bool packed = Name.EndsWith("-attention", StringComparison.Ordinal);
        return Model.IsGated
            ? new GauGraph(Model.Description, form, masked)
            : new AttentionFfnGraph(Model.Description, form, masked, packed);
    }

    private static IEnumerable<EngineSpec> Each(PeerModel model, IEnumerable<string> names) =>
        names.Select(name => new EngineSpec(model, name));
}
