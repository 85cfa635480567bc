using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Desktop;

/// <summary>What the command line of <c>gau-desktop</c> says.</summary>
internal sealed record DesktopOptions
{
    public const string Help = """
        gau-desktop: score a table of texts, or watch a text while you type it, in a window.

        Usage:
          gau-desktop [FILE] [options]

        FILE is opened: JSON Lines, CSV, TSV, text lines, Parquet or Arrow.

        Options:
          --model MODEL     A model file instead of the one inside the program.
          --browser PATH    The browser that opens the window; default: the usual one; none: its address is printed.
                            [default: Edge, Chrome or Chromium as a window of its own, else the usual one]
          --data FOLDER     Where jobs and their results are kept [default: the user's folder for programs' data]
          --version         Print the version.
          --help            Print this.

        The program listens on 127.0.0.1 alone, for its own window alone, and ends when that is closed.

        """;

    /// <summary>No browser is opened.</summary>
    public const string NoBrowser = "none";

    /// <summary>A file to open; null: none.</summary>
    public string? File { get; init; }

    /// <summary>The model file; null: the one inside the program.</summary>
    public string? Model { get; init; }

    /// <summary>The browser's path, <c>default</c> or <c>none</c>; null: one that is found.</summary>
    public string? Browser { get; init; }

    /// <summary>Where jobs are kept.</summary>
    public string Data { get; init; } = Path.GetFullPath(Path.Combine(
        // Which need not be there yet.
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "gau-desktop"));

    public bool WantsHelp { get; init; }

    public bool WantsVersion { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ToolException">It is none.</exception>
    public static DesktopOptions Parse(IReadOnlyList<string> args)
    {
        DesktopOptions options = new();
        HashSet<string> seen = [];
        for (int i = 0; i < args.Count; i++)
        {
            string name = args[i];
            string? value = null;
            int equals = name.StartsWith('-') ? name.IndexOf('=', StringComparison.Ordinal) : -1;
            if (equals > 0)
                (name, value) = (name[..equals], name[(equals + 1)..]);
            if (name.StartsWith('-') && !seen.Add(name))
                throw Usage($"{Printable.OneLine(name)} is given twice");
            options = name switch
            {
                "--help" or "-h" or "-?" when value is null => options with { WantsHelp = true },
                "--version" when value is null => options with { WantsVersion = true },
                "--model" => options with { Model = Path.GetFullPath(Value()) },
                "--browser" => options with { Browser = Value() },
                "--data" => options with { Data = Path.GetFullPath(Value()) },
                _ when name.StartsWith('-') => throw Usage($"there is no option {Printable.OneLine(name)}"),
                "" => throw Usage("the name of a file is empty"),
                _ when options.File is not null => throw Usage("one file is opened at most"),
                _ => options with { File = Path.GetFullPath(name) },
            };

            string Value()
            {
                string? given = value ?? (i + 1 < args.Count ? args[++i] : null);
                return string.IsNullOrEmpty(given) ? throw Usage($"{name} needs a value") : given;
            }
        }
        return options;
    }

    private static ToolException Usage(string message) =>
        new(ExitCode.Usage, $"{message}; gau-desktop --help tells what there is");
}
