using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;

namespace GauRuntime.Benchmarks.Peers;

/// <summary>What to measure. Every option is <c>--name value</c>, lists are separated by commas.</summary>
internal sealed record PeerOptions
{
    private static readonly string[] KnownParts = ["grid", "job", "memory"];

    /// <summary>For <c>--help</c>.</summary>
    public static string Help { get; } = $"""
        Measures GAU-α base and its relatives in this runtime beside ONNX Runtime and libtorch, with the same weights.
          --report NAME                           a name for options, and for the files written; peers by default
          --lengths 32,64,128,256,512,1024,2048   tokens of a text
          --batch 1,16                            texts at a time; only the first engine's model runs at more than 1
          --threads 1,2
          --engines ID,…                          ids, or parts of them as gau: or ort-f32
          --parts grid,job,memory                 the job is of the first engine's model
          --seconds 1.5                           per engine and cell of the grid
          --rounds 5                              turns of each engine, at most
          --max-tokens 8192                       larger cells are left out
          --texts 256                             texts of the job
          --output FOLDER                         benchmarks/results/<cpu> by default
        --tables FOLDER, alone, measures nothing: it writes the tables again from the raw results in FOLDER, a folder of
        benchmarks/results, and the table of README.

        Reports, and what they stand for:
        {string.Join('\n', PeerReport.All.Select(report => $"  {report.Name}: {report.Options}"))}

        Engines: {string.Join(' ', EngineSpec.All.Select(engine => engine.Id))}
        """;

    public IReadOnlyList<int> Lengths { get; init; } = [32, 64, 128, 256, 512, 1024, 2048];

    public IReadOnlyList<int> Batches { get; init; } = [1, 16];

    public IReadOnlyList<int> Threads { get; init; } = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    /// <summary>In the order of their turns.</summary>
    public IReadOnlyList<EngineSpec> Engines { get; init; } = [];

    public IReadOnlyList<string> Parts { get; init; } = KnownParts;

    public double Seconds { get; init; } = 1.5;

    public int Rounds { get; init; } = 5;

    public int MaxTokens { get; init; } = 8192;

    public int Texts { get; init; } = 256;

    public string? Output { get; init; }

    public required PeerReport Report { get; init; }

    /// <summary>The command that would repeat the run.</summary>
    public required string Command { get; init; }

    /// <exception cref="ArgumentException">An option is unknown or its value is not valid.</exception>
    public static PeerOptions Parse(string[] args)
    {
        if (args.Length % 2 != 0)
            throw new ArgumentException($"{args[^1]} has no value");
        string[][] given = [.. args.Chunk(2)];
        PeerOptions options = new()
        {
            Command = string.Join(' ', ["benchmarks/Peers/run", .. args]),
            Report = PeerReport.Named(
                given.LastOrDefault(pair => pair[0] == "--report")?[1] ?? PeerReport.Peers.Name),
        };
        foreach (string[] pair in (string[][])[.. options.Report.Options.Split(' ').Chunk(2), .. given])
            options = options.With(pair[0], pair[1]);
        bool asked = given.Any(pair => pair[0] == "--lengths");
        foreach (int length in options.Lengths)
            if (asked && options.Engines.All(engine => length > engine.MaxLength))
                throw new ArgumentException($"--lengths {length}: no engine takes a text of so many tokens");
        return options;
    }

    private PeerOptions With(string name, string value) => name switch
    {
        "--report" => this,   // has been read
        "--lengths" => this with { Lengths = Numbers(name, value) },
        "--batch" => this with { Batches = Numbers(name, value) },
        "--threads" => this with { Threads = Numbers(name, value) },
        "--engines" => this with { Engines = [.. value.Split(',').SelectMany(Named).Distinct()] },
        "--parts" => this with { Parts = [.. value.Split(',').Select(Part)] },
        "--seconds" => this with { Seconds = Duration(name, value) },
        "--rounds" => this with { Rounds = Number(name, value) },
        "--max-tokens" => this with { MaxTokens = Number(name, value) },
        "--texts" => this with { Texts = Number(name, value) },
        "--output" => this with { Output = value },
        _ => throw new ArgumentException($"there is no option {name}"),
    };

    /// <summary>The engine of an id, or the standard ones whose ids contain a part.</summary>
    private static EngineSpec[] Named(string part)
    {
        EngineSpec[] exact = [.. EngineSpec.All.Where(engine => engine.Id == part)];
        EngineSpec[] named = exact.Length > 0 || part.Length == 0
            ? exact
            : [.. EngineSpec.All.Where(
                engine => engine.Standard && engine.Id.Contains(part, StringComparison.Ordinal))];
        return named.Length > 0 ? named : throw new ArgumentException($"--engines {part}: no engine has such a name");
    }

    private static string Part(string part) => KnownParts.Contains(part)
        ? part
        : throw new ArgumentException($"--parts {part}: there are {string.Join(", ", KnownParts)}");

    private static int[] Numbers(string name, string list) => [.. list.Split(',').Select(
        part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"{name} {list}: whole numbers from 1, separated by commas"))];

    private static int Number(string name, string value) =>
        Numbers(name, value) is [int only] ? only : throw new ArgumentException($"{name} {value}: one number");

    private static double Duration(string name, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? seconds
            : throw new ArgumentException($"{name} {value}: a number of seconds");
}
