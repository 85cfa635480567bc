using GauRuntime.Benchmarks.Kernels.Cases;
using GauRuntime.Kernels;

namespace GauRuntime.Benchmarks.Kernels;

/// <summary>What to measure.</summary>
/// <param name="Tiers">Kernel tiers.</param>
/// <param name="Only">Part of the title of a table, the kernel or the shape; empty: all.</param>
/// <param name="Output">Folder of the report, or null: the machine's.</param>
/// <param name="Log">Whether to show what BenchmarkDotNet does.</param>
internal sealed record KernelOptions(IReadOnlyList<string> Tiers, string Only, string? Output, bool Log)
{
    /// <summary>For <c>--help</c>.</summary>
    public const string Help = """
        Measures every kernel, and the most that a core could do, on one thread.
          --tiers all          or names, separated by commas; by default the one in use (GAU_ISA)
          --only TEXT          cases with this in their "title: kernel, shape"; the report is only shown
          --output FOLDER      benchmarks/results/<cpu> by default
          --log                show what BenchmarkDotNet does
        """;

    /// <summary>The folder to write to; null: none.</summary>
    public string? Folder(Machine machine) => Output ?? (Only.Length == 0 ? machine.ResultsFolder() : null);

    /// <summary>Whether to run a case.</summary>
    public bool Includes(KernelCase kernel) => $"{kernel.Section.Title}: {kernel.Name}, {kernel.Shape}"
        .Contains(Only, StringComparison.OrdinalIgnoreCase);

    /// <summary>The command that would repeat a run.</summary>
    public static string Command(string[] args)
    {
        string? forced = Environment.GetEnvironmentVariable("GAU_ISA");
        IEnumerable<string> quoted = args.Select(
            arg => arg.Contains(' ', StringComparison.Ordinal) ? $"\"{arg}\"" : arg);
        return (string.IsNullOrEmpty(forced) ? "" : $"GAU_ISA={forced} ")
            + "dotnet run -c Release --project benchmarks/Kernels"
            + (args.Length == 0 ? "" : $" -- {string.Join(' ', quoted)}");
    }

    /// <exception cref="ArgumentException">An option is unknown, has no value, or names no tier to be had.</exception>
    public static KernelOptions Parse(string[] args)
    {
        KernelOptions options = new([KernelTiers.Current], "", null, false);
        for (int i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[^1]} has no value");
            options = args[i] switch
            {
                "--tiers" => options with { Tiers = Named(Value()) },
                "--only" => options with { Only = Value() },
                "--output" => options with { Output = Value() },
                "--log" => options with { Log = true },
                _ => throw new ArgumentException($"there is no option {args[i]}"),
            };
        }
        return options;
    }

    private static IReadOnlyList<string> Named(string tiers)
    {
        if (tiers == "all")
            return KernelTiers.Available;
        string[] names = tiers.Split(',');
        return names.FirstOrDefault(name => !KernelTiers.Available.Contains(name)) is string unknown
            ? throw new ArgumentException($"'{unknown}' is none of {string.Join(", ", KernelTiers.Available)}")
            : names;
    }
}
