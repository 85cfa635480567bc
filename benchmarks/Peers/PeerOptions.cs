using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;

namespace GauRuntime.Benchmarks.Peers;

/// <summary>What to measure. Every option is <c>--name value</c>, lists are separated by commas.</summary>
internal sealed record PeerOptions
{
    /// <summary>For <c>--help</c>.</summary>
    public const string Help = """
        Measures GAU-α base in this runtime beside ONNX Runtime and libtorch, with the same weights.
          --lengths 32,64,128,256,512,1024,2048   tokens of a text
          --batch 1,16                            texts at a time; RoFormerV2 and BERT run at 1 only
          --threads 1,2
          --engines ID,…                          parts of names, as gau: or ort-f32; all standard engines by default
          --parts grid,job,memory
          --seconds 1.5                           per engine and cell of the grid
          --rounds 5                              turns of each engine, at most
          --max-tokens 8192                       larger cells are left out
          --texts 256                             texts of the job
          --output FOLDER                         benchmarks/results/<cpu> by default
        --tables FOLDER, alone, measures nothing: it writes FOLDER/peers.md again from FOLDER/peers.json, a folder of
        benchmarks/results, and the table of README.
        """;

    public IReadOnlyList<int> Lengths { get; init; } = [32, 64, 128, 256, 512, 1024, 2048];

    public IReadOnlyList<int> Batches { get; init; } = [1, 16];

    public IReadOnlyList<int> Threads { get; init; } = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    public IReadOnlyList<EngineSpec> Engines { get; init; } = [.. EngineSpec.All.Where(engine => engine.Standard)];

    public IReadOnlyList<string> Parts { get; init; } = ["grid", "job", "memory"];

    public double Seconds { get; init; } = 1.5;

    public int Rounds { get; init; } = 5;

    public int MaxTokens { get; init; } = 8192;

    public int Texts { get; init; } = 256;

    public string? Output { get; init; }

    /// <summary>The command that would repeat the run.</summary>
    public string Command { get; init; } = "";

    /// <exception cref="ArgumentException">An option is unknown or its value is not valid.</exception>
    public static PeerOptions Parse(string[] args)
    {
        PeerOptions options = new() { Command = string.Join(' ', ["benchmarks/Peers/run", .. args]) };
        if (args.Length % 2 != 0)
            throw new ArgumentException($"{args[^1]} has no value");
        foreach (string[] pair in args.Chunk(2))
            options = options.With(pair[0], pair[1]);
        return options;
    }

    private PeerOptions With(string name, string value) => name switch
    {
        "--lengths" => this with { Lengths = Numbers(value) },
        "--batch" => this with { Batches = Numbers(value) },
        "--threads" => this with { Threads = Numbers(value) },
        "--engines" => this with { Engines = Named(value.Split(',')) },
        "--parts" => this with { Parts = value.Split(',') },
        "--seconds" => this with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
        "--rounds" => this with { Rounds = Numbers(value)[0] },
        "--max-tokens" => this with { MaxTokens = Numbers(value)[0] },
        "--texts" => this with { Texts = Numbers(value)[0] },
        "--output" => this with { Output = value },
        _ => throw new ArgumentException($"there is no option {name}"),
    };

    /// <summary>Standard engines whose ids contain one of the parts, and any engine named in full.</summary>
    private static EngineSpec[] Named(string[] parts)
    {
        EngineSpec[] named = [.. EngineSpec.All.Where(engine => parts.Any(part =>
            part == engine.Id || (engine.Standard && engine.Id.Contains(part, StringComparison.Ordinal))))];
        return named.Length > 0 ? named : throw new ArgumentException("no engine has such a name");
    }

    private static int[] Numbers(string list) =>
        [.. list.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
