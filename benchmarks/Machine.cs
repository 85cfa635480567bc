using System.Runtime.InteropServices;

namespace GauRuntime.Benchmarks;

/// <summary>The machine of a run.</summary>
/// <param name="Processor">Its name, with family and model.</param>
/// <param name="Cores">Processors that this process sees.</param>
/// <param name="Instructions">Of the vector instructions, those that matter here.</param>
/// <param name="System">Operating system.</param>
/// <param name="Framework">.NET.</param>
internal sealed record Machine(
    string Processor, int Cores, IReadOnlyList<string> Instructions, string System, string Framework)
{
    private static readonly string[] Interesting =
        ["avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "asimddp", "i8mm"];

    // Virtual machines hide the name: vendor, family and first model of a generation say it.
    private static readonly (string Vendor, int Family, int Model, string Name)[] Generations =
    [
        ("AuthenticAMD", 26, 0, "zen5"), ("AuthenticAMD", 25, 16, "zen4"), ("AuthenticAMD", 25, 0, "zen3"),
        ("AuthenticAMD", 23, 48, "zen2"), ("AuthenticAMD", 23, 0, "zen1"), ("GenuineIntel", 6, 173, "granite-rapids"),
        ("GenuineIntel", 6, 207, "emerald-rapids"), ("GenuineIntel", 6, 143, "sapphire-rapids"),
        ("GenuineIntel", 6, 106, "ice-lake"), ("GenuineIntel", 6, 85, "skylake"),
    ];

    /// <summary>A name for a folder: <c>amd-epyc-zen5-2c</c>.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>Reads /proc/cpuinfo.</summary>
    public static Machine Read()
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        if (File.Exists("/proc/cpuinfo"))
            foreach (string line in File.ReadLines("/proc/cpuinfo"))
                if (line.Split(':', 2, StringSplitOptions.TrimEntries) is [string key, string value])
                    fields.TryAdd(key, value);
        string Field(string name) => fields.GetValueOrDefault(name, "");
        int Number(string name) => int.TryParse(Field(name), out int number) ? number : 0;

        string[] flags = [.. Field("flags").Split(' '), .. Field("Features").Split(' ')];
        string name = Field("model name") is { Length: > 0 } model
            ? model
            : $"{RuntimeInformation.ProcessArchitecture}";
        string? generation = Generations.FirstOrDefault(g =>
            g.Vendor == Field("vendor_id") && g.Family == Number("cpu family") && g.Model <= Number("model")).Name;
        int cores = Environment.ProcessorCount;
        return new Machine(
            $"{name}, family {Number("cpu family")} model {Number("model")}"
                + (generation is null ? "" : $" ({generation})"),
            cores, [.. Interesting.Where(flags.Contains)], RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription)
        {
            Slug = Clean($"{name} {generation} {cores}c"),
        };
    }

    /// <summary>benchmarks/results/&lt;cpu&gt; of the repository that this program was built from.</summary>
    /// <exception cref="DirectoryNotFoundException">It was not built inside of one.</exception>
    public string ResultsFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GauRuntime.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder is not null
            ? Path.Combine(folder, "benchmarks", "results", Slug)
            : throw new DirectoryNotFoundException("run this from inside the repository");
    }

    private static string Clean(string name)
    {
        string plain = name.ToLowerInvariant().Replace("(r)", "", StringComparison.Ordinal)
            .Replace("(tm)", "", StringComparison.Ordinal);
        char[] letters = [.. plain.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')];
        return string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
    }
}
