using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
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
                    arguments => Find(arguments, format, host, result.GetValue<bool>(CommonOptions.JsonName))),
                model => words is null
                    ? new FillTask(model, result.GetValue(top) ?? UsualTop)
                    : new FillTask(model, result.GetValue(top) ?? Math.Max(1, words.Count), words));
        });
        return command;
    }

    // Inputs between two texts are found together, because a file that several of them name is read once.
    private static InputFile[] Find(string[] arguments, RecordFormat? format, CommandHost host, bool json)
    {
        foreach (string argument in arguments)
        {
            if (!IsInput(argument) && !IsText(argument))
                throw new ToolException(
                    ExitCode.InputMissing, $"{Printable.OneLine(argument)}: no such file, and no text with [MASK]",
                    argument);
        }
        List<InputFile> inputs = [];
        for (int i = 0; i < arguments.Length;)
        {
            string[] files = [.. arguments.Skip(i).TakeWhile(IsInput)];
            inputs.AddRange(Inputs.Find(files, format, host, json));
            i += files.Length;
            if (i < arguments.Length)
                inputs.Add(Inputs.OfText("argument", i + 1, arguments[i++]));
        }
        return [.. inputs];
    }

    private static bool IsText(string argument) => argument.Contains("[MASK]", StringComparison.Ordinal);

    private static bool IsInput(string argument) =>
        argument == "-" || File.Exists(argument) || Directory.Exists(argument)
        || !IsText(argument) && FilePattern.IsPattern(argument);
}
