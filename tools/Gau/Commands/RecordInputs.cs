using System.CommandLine;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Commands;

/// <summary>The inputs of a command, as an argument, and texts out of the command line, as <c>--literal</c>.</summary>
internal sealed class RecordInputs
{
    private static readonly char[] PartsOfPaths = ['/', '\\', '.'];

    private readonly Command command;
    private readonly Argument<string[]> inputs;
    private readonly Option<string[]> literal = new("--literal")
    {
        Description = "A text to take as a record of its own, behind the other inputs; may be given several times.",
        HelpName = "TEXT",
    };

    /// <summary>Adds both to a command.</summary>
    public RecordInputs(Command command)
        : this(command, Create(ArgumentArity.ZeroOrMore))
    {
    }

    /// <summary>Adds both to a command whose argument means more than inputs.</summary>
    public RecordInputs(Command command, Argument<string[]> inputs)
    {
        this.command = command;
        this.inputs = inputs;
        command.Add(inputs);
        command.Add(literal);
    }

    /// <summary>The argument alone.</summary>
    public static Argument<string[]> Create(ArgumentArity arity) => new("INPUT")
    {
        Description =
            "Files of records (JSON Lines, CSV, TSV, text lines, Parquet, Arrow), scored one after the other; folders "
            + "of such files; patterns with *, ? and **; - is standard input.",
        Arity = arity,
    };

    /// <summary>What was typed: files first, then texts.</summary>
    /// <exception cref="ToolException">Nothing was, or a file that is not there and may be meant as a text.</exception>
    public InputFile[] Find(ParseResult result, RecordFormat? format, CommandHost host) => Find(
        result, paths => Inputs.Find(paths, format, host, result.GetValue<bool>(CommonOptions.JsonName)));

    /// <inheritdoc cref="Find(ParseResult, RecordFormat?, CommandHost)"/>
    /// <param name="result">What was typed.</param>
    /// <param name="find">Finds what the argument means.</param>
    public InputFile[] Find(ParseResult result, Func<string[], InputFile[]> find)
    {
        string[] paths = result.GetValue(inputs) ?? [], texts = result.GetValue(literal) ?? [];
        if (paths.Length + texts.Length == 0)
            throw new ToolException(
                ExitCode.Usage,
                $"{command.Name} needs {inputs.Name}, or {literal.Name} TEXT; 'gau {command.Name} --help' lists what "
                + "there is");
        try
        {
            return [.. find(paths), .. texts.Select((text, i) => Inputs.OfText(literal.Name, i + 1, text))];
        }
        catch (FileNotFoundException e) when (e.FileName is { } path && path.IndexOfAny(PartsOfPaths) < 0)
        {
            throw new ToolException(
                ExitCode.InputMissing, $"{e.Message}; is it a text? {literal.Name} '{path}'", path);
        }
    }

    /// <summary>Inputs and texts of which both are arguments.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="format">Of the inputs; null: by the extension.</param>
    /// <param name="host">Opens standard input.</param>
    /// <param name="json">How notes are told.</param>
    /// <param name="isText">Whether an argument that names nothing is a text, or else a pattern.</param>
    /// <param name="else">What an argument is not that is neither.</param>
    /// <exception cref="ToolException">An argument is neither.</exception>
    public static InputFile[] FindMixed(
        string[] arguments, RecordFormat? format, CommandHost host, bool json, Func<string, bool> isText, string @else)
    {
        bool IsInput(string argument) =>
            argument == "-" || File.Exists(argument) || Directory.Exists(argument)
            || !isText(argument) && FilePattern.IsPattern(argument);
        foreach (string argument in arguments)
        {
            if (!IsInput(argument) && !isText(argument))
                throw new ToolException(
                    ExitCode.InputMissing, $"{Printable.OneLine(argument)}: no such file, and {@else}", argument);
        }
        // Inputs between two texts are found together, because a file that several of them name is read once.
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
}
