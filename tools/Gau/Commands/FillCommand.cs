using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau fill</c>: the best tokens for every [MASK].</summary>
internal static class FillCommand
{
    private const int UsualTop = 5;

    public static Command Create(CommandHost host)
    {
        Command command = new("fill", "Find the best tokens for every [MASK].");
        Argument<string[]> texts = new("TEXT")
        {
            Description = "Texts with [MASK]; an argument that names an existing file, or -, is an input of records.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<int?> top = OptionKinds.Number("--top", $"Tokens per mask [default: {UsualTop}]", 1, 10_000);
        command.Add(texts);
        command.Add(top);
        RecordOptions options = new(command);
        command.SetAction(result => new RecordRun(options, result, host).Execute(
            format => [.. result.GetValue(texts)!.Select((text, i) => Find(text, i + 1, format, host))],
            model => new FillTask(model, result.GetValue(top) ?? UsualTop)));
        return command;
    }

    private static InputFile Find(string text, int number, RecordFormat? format, CommandHost host)
    {
        if (text == "-" || File.Exists(text))
            return Inputs.Find(text, format, host);
        if (!text.Contains("[MASK]", StringComparison.Ordinal))
            throw new ToolException(
                ExitCode.InputMissing, $"{Printable.OneLine(text)}: no such file, and no text with [MASK]", text);
        return Inputs.OfArgument(number, text);
    }
}
