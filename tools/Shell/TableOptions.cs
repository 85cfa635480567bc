using System.CommandLine;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Tools.Shell;

/// <summary>How CSV and TSV are read: <c>--quotes</c>, <c>--delimiter</c>, <c>--no-header</c>.</summary>
/// <param name="namesFormats">Whether the command line can say a format, with <c>--format</c>.</param>
internal sealed class TableOptions(bool namesFormats = true)
{
    private readonly QuotesOption quotes = new();

    private readonly Option<char?> delimiter = new("--delimiter")
    {
        Description =
            "What separates the fields of CSV: one character of ASCII, or the word tab [default: what a first "
            + "line such as sep=; says; else a comma, or a semicolon where the header has only those]",
        HelpName = "CHAR",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (FieldDelimiter.Parse(text) is { } character)
                return character;
            result.AddError($"--delimiter: '{text}' is neither one character of ASCII but a quote, nor \\t or tab");
            return null;
        },
    };

    private readonly Option<bool> noHeader = OptionKinds.Switch(
        "--no-header",
        "CSV and TSV do not name their columns: these are numbers from 1 instead, as in --text 2.");

    /// <summary>For the command's list of options.</summary>
    public Option[] All => [quotes.Option, delimiter, noHeader];

    /// <summary>The fields, read as was asked for.</summary>
    public RecordFields Apply(ParseResult result, RecordFields fields) => fields with
    {
        Quotes = quotes.Value(result),
        Delimiter = result.GetValue(delimiter),
        HasHeader = !result.GetValue(noHeader),
    };

    /// <summary>Refuses what would have no effect.</summary>
    /// <exception cref="ToolException">An option was given, and no input is a table that it is for.</exception>
    public void Check(ParseResult result, IReadOnlyList<InputFile> inputs)
    {
        quotes.Check(result, inputs);
        bool hasCsv = inputs.Any(input => input.Format == RecordFormat.Csv);
        bool hasTsv = inputs.Any(input => input.Format == RecordFormat.Tsv);
        if (result.GetValue(delimiter) is not null && !hasCsv)
            throw new ToolException(
                ExitCode.Usage,
                $"{delimiter.Name} is for CSV, and no input is{(hasTsv ? ": TSV has tabs" : "")}"
                + (!namesFormats ? ""
                    : hasTsv ? "; --format csv reads it with another delimiter" : "; --format csv says so"));
        if (result.GetValue(noHeader) && !hasCsv && !hasTsv)
            throw new ToolException(ExitCode.Usage, $"{noHeader.Name} is for CSV and TSV, and no input is either");
    }
}
