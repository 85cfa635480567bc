using System.CommandLine;

namespace GauRuntime.Cli.Commands;

/// <summary>The inputs of a command, as an argument.</summary>
internal static class RecordInputs
{
    public static Argument<string[]> Create() => new("INPUT")
    {
        Description =
            "Files of records (JSON Lines, CSV, TSV, text lines, Parquet), scored one after the other; folders of such "
            + "files; patterns with *, ? and **; - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };
}
