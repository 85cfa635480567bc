using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools.Shell;

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
            Description = "Texts with [MASK]; an argument that names existing files (as for score), or -, is an input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<int?> top = OptionKinds.Number("--top", $"Tokens per mask [default: {UsualTop}]", 1, 10_000);
        RecordInputs inputs = new(command, texts);
        command.Add(top);
        RecordOptions options = new(command);
        command.SetAction(result => new RecordRun(options, result, host).Execute(
            format => inputs.Find(
                result,
                arguments => RecordInputs.FindMixed(
                    arguments, format, host, result.GetValue<bool>(CommonOptions.JsonName), IsText,
                    "no text with [MASK]")),
            model => new FillTask(model, result.GetValue(top) ?? UsualTop)));
        return command;
    }

    private static bool IsText(string argument) => argument.Contains("[MASK]", StringComparison.Ordinal);
}
