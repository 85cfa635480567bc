using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau rerank</c>: candidates in the order of a cross-encoder's scores, for every query.</summary>
internal static class RerankCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new(
            "rerank", "Rank candidates for queries with a cross-encoder: for each query the best, with their scores.");
        Argument<string> queries = new("QUERIES")
        {
            Description =
                "Records of queries: a file (JSON Lines, CSV, TSV, text lines, Parquet, Arrow), a folder of such "
                + "files, a pattern with *, ? and **, or - for standard input.",
        };
        Option<int?> top = OptionKinds.Number("--top", "Keep so many of the best for each query [default: all]", 1);
        Option<bool> raw = OptionKinds.Switch("--raw", "Scores are the model's logits as they are.");
        command.Add(queries);
        CandidateOptions candidates = new(command);
        command.Add(top);
        command.Add(raw);
        RecordOptions options = new(command, ranks: true);
        command.SetAction(result =>
        {
            bool rowPerPair = options.OutputFormat(result) != RecordFormat.JsonLines;
            if (rowPerPair && options.KeepFields(result))
                throw new ToolException(
                    ExitCode.Usage,
                    "--keep-fields: a row for each pair would carry them again and again; JSON Lines have a row for "
                    + "each query");
            string path = result.GetValue(queries)!;
            CandidateCall call = new(candidates, options, result, host)
            {
                Top = result.GetValue(top), IsRaw = result.GetValue(raw), RowPerPair = rowPerPair,
            };
            int code = new RecordRun(options, result, host)
            {
                Besides = call.Find(path), RejectedBefore = () => call.RejectedRecords,
            }.Execute(
                format => Inputs.Find([path], format, host, result.GetValue<bool>(CommonOptions.JsonName)),
                call.MakeTask);
            call.RequireCandidates();
            return code;
        });
        return command;
    }
}
