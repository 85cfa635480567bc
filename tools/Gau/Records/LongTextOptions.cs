using System.CommandLine;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Records;

/// <summary>The options of texts that are read in windows instead of being cut.</summary>
internal sealed class LongTextOptions
{
    private readonly Option<int?> window = OptionKinds.Number(
        "--window", "Read longer texts in windows of so many tokens that overlap, instead of cutting them.",
        8, GauBatch.MaxLength);
    private readonly Option<int?> stride = OptionKinds.Number(
        "--stride", "Tokens from the beginning of a window to that of the next at most [default: half of --window]",
        1, GauBatch.MaxLength);
    private readonly Option<string> aggregate = OptionKinds.Word(
        "--aggregate", "How the labels, values or vectors of a text's windows become one [default: mean]", null,
        "mean", "max");

    /// <summary>Adds them to a command.</summary>
    public LongTextOptions(Command command) => Array.ForEach<Option>([window, stride, aggregate], command.Add);

    /// <summary>The windows that were asked for, or null.</summary>
    /// <exception cref="ToolException">The options contradict each other or others.</exception>
    public WindowOptions? Value(ParseResult result, RecordOptions records)
    {
        if (result.GetValue(window) is not { } tokens)
        {
            string? vain = result.GetValue(stride) is not null ? stride.Name
                : result.GetValue(aggregate) is not null ? aggregate.Name
                : null;
            return vain is null
                ? null
                : throw new ToolException(ExitCode.Usage, $"{vain} is for texts in windows: {window.Name} N");
        }
        if (records.CutsTexts(result))
            throw new ToolException(
                ExitCode.Usage, $"--max-length cuts texts, and {window.Name} reads them whole: leave out one of them");
        return new WindowOptions
        {
            Tokens = tokens,
            Stride = result.GetValue(stride),
            Aggregate = result.GetValue(aggregate) switch
            {
                "mean" => WindowAggregate.Mean,
                "max" => WindowAggregate.Max,
                _ => null,
            },
        };
    }
}
