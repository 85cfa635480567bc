using System.CommandLine;
using System.Globalization;
using GauRuntime.Cli.Records;
using GauRuntime.Cli.Vectors;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau dedup</c>: groups of records that are nearly the same.</summary>
internal sealed class DedupCommand
{
    private const double UsualThreshold = 0.95;

    private readonly Option<double?> threshold = OptionKinds.Amount(
        "--threshold",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The least cosine of near duplicates, more than 0 and at most 1 [default: {UsualThreshold}]"));

    private DedupCommand()
    {
    }

    public static Command Create(CommandHost host)
    {
        DedupCommand dedup = new();
        Command command = new("dedup", "Group records that are nearly the same: texts, or vectors of gau embed.");
        RecordInputs inputs = new(command);
        command.Add(dedup.threshold);
        EmbedderOptionSet embedder = new(command);
        RecordOptions options = new(command, groups: true);
        command.SetAction(result =>
        {
            double least = result.GetValue(dedup.threshold) ?? UsualThreshold;
            if (least is not (> 0 and <= 1))
                throw new ToolException(
                    ExitCode.Usage, $"--threshold: '{least.ToString(CultureInfo.InvariantCulture)}' is no cosine above "
                    + "0, up to 1");
            bool hasText = options.IncludeText(result);
            GroupRun run = new(options, embedder, result, host) { KeepsTexts = hasText, RequiresTexts = hasText };
            return run.Execute(
                inputs.Find(result, options.InputFormat(result), host), Columns(hasText),
                table => Group(
                    table, hasText,
                    NearDuplicates.Find(
                        table.Vectors, (float)least, options.Threads(result, host), run.Progress("records compared"),
                        host.Cancel)));
        });
        return command;
    }

    private static ResultColumn[] Columns(bool hasText) =>
    [
        new("group", ResultType.Whole), new("first", ResultType.Flag), new("similarity", ResultType.Number),
        .. hasText ? [new ResultColumn("text", ResultType.Text)] : Array.Empty<ResultColumn>(),
    ];

    private static GroupedRecords Group(VectorTable table, bool hasText, IReadOnlyList<NearDuplicate> found)
    {
        int[] numbers = new int[found.Count];   // of the groups, by their first rows
        int groups = 0;
        for (int row = 0; row < found.Count; row++)
        {
            if (found[row].First == row)
                numbers[row] = groups++;
        }
        int others = found.Count - groups;
        return new GroupedRecords(
            string.Create(CultureInfo.InvariantCulture, $"in {groups} groups: {others} are near duplicates of another"),
            json =>
            {
                json.WriteNumber("groups"u8, groups);
                json.WriteNumber("near_duplicates"u8, others);
            },
            (row, rows) =>
            {
                rows.Count("group", numbers[found[row].First]);
                rows.Flag("first", found[row].First == row);
                rows.Number("similarity", found[row].Similarity);
                if (hasText)
                    rows.Text("text", table.Text(row));
            });
    }
}
