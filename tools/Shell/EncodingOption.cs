using System.CommandLine;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Tools.Shell;

/// <summary><c>--encoding</c>: how the characters of the inputs are bytes.</summary>
internal sealed class EncodingOption
{
    /// <summary>For the command's list of options.</summary>
    public Option<string> Option { get; } = OptionKinds.Word(
        "--encoding", "Encoding of JSON Lines, CSV, TSV and text lines; gb18030 is GBK and GB2312 too, auto what the "
        + "first MiB of each file looks like [default: utf-8]", null, TextEncodings.Names.Split(", "));

    /// <summary>What was asked for, or else UTF-8.</summary>
    public TextEncoding Value(ParseResult result) =>
        result.GetValue(Option) is { } name ? TextEncodings.Parse(name)!.Value : TextEncoding.Utf8;

    /// <summary>Refuses the option where it would have no effect.</summary>
    /// <exception cref="ToolException">It was given, and no input is a file of text.</exception>
    public void Check(ParseResult result, IEnumerable<InputFile> inputs)
    {
        if (result.GetValue(Option) is not null
            && !inputs.Any(input => !RecordFormats.IsTable(input.Format) && input.Encoding is null))
            throw new ToolException(
                ExitCode.Usage,
                $"{Option.Name} is for files of JSON Lines, CSV, TSV and text lines, and no input is any of them");
    }
}
