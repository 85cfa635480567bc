using System.CommandLine;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>What is refused of options that say what the fields of records mean, by every command that has them.
/// </summary>
internal static class FieldOptions
{
    /// <summary>Refuses a format of what has none.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="inputs">All inputs.</param>
    /// <param name="format">Says how they are laid out.</param>
    /// <exception cref="ToolException">It is given, and all are texts out of the command line.</exception>
    public static void RequireFormats(ParseResult result, IReadOnlyList<InputFile> inputs, Option format)
    {
        if (inputs.Count > 0 && IsGiven(result, format) && inputs.All(Inputs.IsText))
            throw new ToolException(ExitCode.Usage, $"{format.Name}: a text out of the command line has no format");
    }

    /// <summary>Refuses names of fields where there are none.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="inputs">All inputs.</param>
    /// <param name="names">Each names fields.</param>
    /// <exception cref="ToolException">One is given, and all inputs are lines of text.</exception>
    public static void RequireFields(
        ParseResult result, IReadOnlyList<InputFile> inputs, params IReadOnlyList<Option> names)
    {
        if (inputs.Any(input => input.Format != RecordFormat.Text))
            return;
        foreach (Option name in names.Where(name => IsGiven(result, name)))
            throw new ToolException(ExitCode.Usage, $"{name.Name}: these inputs have no fields to be named");
    }

    /// <summary>Refuses one field for both texts of a pair.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="fields">Which fields mean what.</param>
    /// <param name="text">Names the first text.</param>
    /// <param name="pair">Names the second.</param>
    /// <exception cref="ToolException">Both are one field.</exception>
    public static void RequireTwoTexts(ParseResult result, RecordFields fields, Option text, Option pair)
    {
        if (fields.Pair != fields.Text)
            return;
        (string name, string other) = IsGiven(result, pair) ? (pair.Name, "first") : (text.Name, "second");
        throw new ToolException(ExitCode.Usage, $"{name}: '{fields.Text}' is the field of the {other} text");
    }

    private static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
