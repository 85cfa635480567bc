using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Cli.Vectors;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau cluster</c>: records by the direction of their vectors.</summary>
internal sealed class ClusterCommand
{
    private const int UsualNearest = 3;

    private readonly Option<int?> clusters = OptionKinds.Number("--clusters", "How many clusters to make.", 1);
    private readonly Option<int?> seed = OptionKinds.Number(
        "--seed", "Other numbers draw other first centres [default: 0]", 0);
    private readonly Option<int?> rounds = OptionKinds.Number(
        "--rounds", $"Move centres so often at most [default: {EmbeddingClusters.DefaultRounds}]", 1);
    private readonly Option<int?> nearest = OptionKinds.Number(
        "--nearest", $"Mark so many records of each cluster that are closest to its centre [default: {UsualNearest}]",
        1, 10_000);
    private readonly Option<string?> centres = OptionKinds.Text(
        "--centres", "Write a line of JSON for each cluster there: its size, and the records closest to its centre "
        + "with their texts.", "FILE");

    private ClusterCommand() => clusters.Aliases.Add("-k");

    public static Command Create(CommandHost host)
    {
        ClusterCommand cluster = new();
        Command command = new("cluster", "Sort records into clusters: texts, or vectors of gau embed.");
        RecordInputs inputs = new(command);
        Array.ForEach<Option>(
            [cluster.clusters, cluster.seed, cluster.rounds, cluster.nearest, cluster.centres], command.Add);
        EmbedderOptionSet embedder = new(command);
        RecordOptions options = new(command, groups: true);
        command.SetAction(result => cluster.Execute(inputs, embedder, options, result, host));
        return command;
    }

    private int Execute(
        RecordInputs inputs, EmbedderOptionSet embedder, RecordOptions options, ParseResult result, CommandHost host)
    {
        if (result.GetValue(clusters) is not { } count)
            throw new ToolException(ExitCode.Usage, "cluster needs -k N: how many clusters to make");
        bool hasText = options.IncludeText(result);
        string? path = result.GetValue(centres);
        if (path == "-")
            throw new ToolException(ExitCode.Usage, "--centres: the rows go to standard output; name a file");
        GroupRun run = new(options, embedder, result, host)
        {
            KeepsTexts = hasText || path is not null, RequiresTexts = hasText, Besides = (path, centres.Name),
        };
        ResultColumn[] columns =
        [
            new("cluster", ResultType.Whole), new("similarity", ResultType.Number), new("nearest", ResultType.Whole),
            .. hasText ? [new ResultColumn("text", ResultType.Text)] : Array.Empty<ResultColumn>(),
        ];
        return run.Execute(
            inputs.Find(result, options.InputFormat(result), host), columns,
            table =>
            {
                if (count > table.Vectors.Count)
                    throw new ToolException(
                        ExitCode.Usage, $"-k {count}: there are {table.Vectors.Count} vectors, and no more clusters "
                        + "than that", table.Name);
                EmbeddingClusters found = EmbeddingClusters.Find(
                    table.Vectors, count, result.GetValue(seed) ?? 0,
                    result.GetValue(rounds) ?? EmbeddingClusters.DefaultRounds, options.Threads(result, host),
                    run.Progress("rounds"), host.Cancel);
                return Group(table, hasText, found, found.Nearest(result.GetValue(nearest) ?? UsualNearest));
            });
    }

    private static GroupedRecords Group(
        VectorTable table, bool hasText, EmbeddingClusters found,
        IReadOnlyList<IReadOnlyList<ClosestVector>> nearest)
    {
        Dictionary<int, int> ranks = [];
        foreach (IReadOnlyList<ClosestVector> best in nearest)
            for (int i = 0; i < best.Count; i++)
                ranks[best[i].Row] = i + 1;
        int empty = nearest.Count(best => best.Count == 0);
        string words = $"in {found.Count} clusters{(empty == 0 ? "" : $", {empty} of them empty")} after "
            + $"{found.Rounds} rounds"
            + (found.Moved == 0 ? "" : $", in the last of which {found.Moved} moved: --rounds allows more");
        return new GroupedRecords(
            words,
            json =>
            {
                json.WriteNumber("clusters"u8, found.Count);
                json.WriteNumber("empty"u8, empty);
                json.WriteNumber("rounds"u8, found.Rounds);
                json.WriteNumber("moved"u8, found.Moved);
            },
            (row, rows) =>
            {
                rows.Count("cluster", found.Clusters.Span[row]);
                rows.Number("similarity", found.Similarities.Span[row]);
                if (ranks.TryGetValue(row, out int rank))
                    rows.Count("nearest", rank);
                if (hasText)
                    rows.Text("text", table.Text(row));
            })
        {
            WriteBesides = output => ClusterLines.Write(output, table, found, nearest),
        };
    }
}
