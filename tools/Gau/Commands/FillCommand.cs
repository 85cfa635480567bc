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
        Option<int?> top = OptionKinds.Number(
            "--top", $"Tokens per mask [default: {UsualTop}; of --candidates all]", 1, 10_000);
        Option<string?> candidates = OptionKinds.Text(
            "--candidates", "Rank only the words of this file, one on each line, each of them one token.", "FILE");
        RecordInputs inputs = new(command, texts);
        command.Add(top);
        command.Add(candidates);
        RecordOptions options = new(command);
        command.SetAction(result =>
        {
            string? path = result.GetValue(candidates);
            IReadOnlyList<string>? words = path is null ? null : WordFile.Lines(path, candidates.Name, host);
            return new RecordRun(options, result, host) { WordFile = path }.Execute(
                format => inputs.Find(
                    result,
                    arguments => RecordInputs.FindMixed(
                        arguments, format, host, result.GetValue<bool>(CommonOptions.JsonName), IsText,
                        "no text with [MASK]")),
                model => words is null
                    ? new FillTask(model, result.GetValue(top) ?? UsualTop)
                    : new FillTask(model, result.GetValue(top) ?? Math.Max(1, words.Count), words));
        });
        return command;
    }

    private static bool IsText(string argument) => argument.Contains("[MASK]", StringComparison.Ordinal);
}
