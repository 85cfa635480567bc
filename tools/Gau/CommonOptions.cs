using System.CommandLine;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public const string JsonName = "--json";

    public static Option<string?> CreateModel() =>
        OptionKinds.Text("--model", "The model file; without it the model inside this program.", "FILE");

    public static Option<bool> CreateForce() => OptionKinds.Switch("--force", "Replace an existing output.");

    /// <summary>A file, or <c>-</c>, also where standard output is given by the system's names for it.</summary>
    public static Option<string?> CreateOutput(string description) => new("--output", "-o")
    {
        Description = description,
        HelpName = "FILE",
        CustomParser = result => result.Tokens[0].Value switch
        {
            "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1" => "-",
            { } path => path,
        },
    };

    public static Option<bool> CreateJson()
    {
        Option<bool> option = OptionKinds.Switch(JsonName, "Messages on stderr as lines of JSON.");
        option.Recursive = true;
        return option;
    }
}
