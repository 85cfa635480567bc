using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Cli.Vectors;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau search</c>: the vectors that are closest to those of queries.</summary>
internal static class SearchCommand
{
    private const int UsualTop = 10;

    public static Command Create(CommandHost host)
    {
        Command command = new(
            "search",
            "Find the texts or vectors whose direction is closest to that of a query; exact, not approximate.");
        IndexOptions index = new(command);
        Argument<string[]> texts = new("QUERY")
        {
            Description =
                "Queries as texts; an argument that names existing files (as for score), or -, is an input of queries.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        RecordInputs inputs = new(command, texts);
        Option<int?> top = OptionKinds.Number("--top", $"Find so many for each query [default: {UsualTop}]", 1);
        command.Add(top);
        EmbedderOptionSet embedder = new(command);
        RecordOptions options = new(command, ranks: true);
        command.SetAction(result =>
        {
            bool rowPerPair = options.OutputFormat(result) != RecordFormat.JsonLines;
            if (rowPerPair && options.KeepFields(result))
                throw new ToolException(
                    ExitCode.Usage,
                    "--keep-fields: a row for each result would carry them again and again; JSON Lines have a row for "
                    + "each query");
            using SearchCall call = new(index, embedder, options, result, host)
            {
                Top = result.GetValue(top) ?? UsualTop, RowPerPair = rowPerPair,
            };
            call.Find();
            return new RecordRun(options, result, host)
            {
                Besides = call.Texts, Vectors = call.Vectors, RejectedBefore = () => call.RejectedRecords,
            }.Execute(
                format => inputs.Find(
                    result,
                    arguments => RecordInputs.FindMixed(
                        arguments, format, host, result.GetValue<bool>(CommonOptions.JsonName), IsText,
                        "its extension is that of a file; a text it is as --literal")),
                call.MakeTask);
        });
        return command;
    }

    private static bool IsText(string argument) => RecordFormats.OfExtension(argument) is null;
}
