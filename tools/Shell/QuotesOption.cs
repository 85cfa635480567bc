using System.CommandLine;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Tools.Shell;

/// <summary><c>--quotes</c>: what a quote means in CSV and TSV.</summary>
internal sealed class QuotesOption
{
    /// <summary>For the command's list of options.</summary>
    public Option<string> Option { get; } = OptionKinds.Word(
        "--quotes", "What quotes around the fields of CSV and TSV are: quoting (rfc) or plain characters (none); auto: "
        + "what fits the first MiB [default: rfc for CSV, auto for TSV]", null, "auto", "rfc", "none");

    /// <summary>What was asked for, or null.</summary>
    public FieldQuotes? Value(ParseResult result) => result.GetValue(Option) switch
    {
        "auto" => FieldQuotes.Auto,
        "rfc" => FieldQuotes.Rfc,
        "none" => FieldQuotes.None,
        _ => null,
    };

    /// <summary>Refuses the option where it would have no effect.</summary>
    /// <exception cref="ToolException">It was given, and no input is CSV or TSV.</exception>
    public void Check(ParseResult result, IEnumerable<InputFile> inputs)
    {
        if (result.GetValue(Option) is not null
            && !inputs.Any(input => RecordFormats.IsDelimited(input.Format)))
            throw new ToolException(ExitCode.Usage, $"{Option.Name} is for CSV and TSV, and no input is either");
    }
}
