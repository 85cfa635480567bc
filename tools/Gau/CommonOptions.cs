using System.CommandLine;

namespace GauRuntime.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public const string JsonName = "--json";

    public static Option<string?> CreateModel() =>
        OptionKinds.Text("--model", "The model file; without it the model inside this program.", "FILE");

    public static Option<bool> CreateForce() => OptionKinds.Switch("--force", "Replace an existing output.");

    public static Option<string?> CreateOutput(string description)
    {
        Option<string?> option = new("--output", "-o") { Description = description, HelpName = "FILE" };
        return option;
    }

    public static Option<bool> CreateJson()
    {
        Option<bool> option = OptionKinds.Switch(JsonName, "Messages on stderr as lines of JSON.");
        option.Recursive = true;
        return option;
    }
}
