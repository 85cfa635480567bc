using System.CommandLine;

namespace GauRuntime.Cli.Commands;

/// <summary>The inputs of a command, as an argument.</summary>
internal static class RecordInputs
{
    public static Argument<string[]> Create() => new("INPUT")
    {
        Description =
            "Files of records (JSON Lines, CSV, TSV, text lines), scored one after the other; - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };
}
