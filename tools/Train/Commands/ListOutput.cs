using System.CommandLine;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Train.Commands;

/// <summary>The file that a command makes of a corpus: <c>--output</c>, <c>--force</c>.</summary>
internal sealed class ListOutput
{
    private readonly Option<string> output;
    private readonly Option<bool> force = OptionKinds.Switch("--force", "Replace an existing output.");

    /// <summary>Adds them to a command.</summary>
    public ListOutput(Command command, string description)
    {
        output = new Option<string>("--output", "-o") { Description = description, HelpName = "FILE", Required = true };
        command.Add(output);
        command.Add(force);
    }

    /// <summary>Its name.</summary>
    public string Path(ParseResult result) => result.GetValue(output)!;

    /// <summary>Begins the file; it appears when it is complete.</summary>
    /// <exception cref="ToolException">It is one of the inputs.</exception>
    /// <exception cref="Scoring.ScoringException">It exists, or it cannot be made.</exception>
    public OutputFile Create(ParseResult result, IEnumerable<InputFile> inputs)
    {
        TouchedFiles files = new(ExitCode.CannotCreate);
        foreach (InputFile input in inputs)
            files.Read(input.Path);
        files.Write(Path(result), "--output");
        return OutputFile.Create(Path(result), result.GetValue(force));
    }
}
