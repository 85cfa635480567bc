using System.CommandLine;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;

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
            "Files of records (JSON Lines, CSV, TSV, text lines, Parquet), scored one after the other; folders of such "
            + "files; patterns with *, ? and **; - is standard input.",
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
}
