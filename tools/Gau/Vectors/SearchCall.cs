using System.CommandLine;
using System.Globalization;
using GauRuntime.Answers;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Vectors;

/// <summary>Opens what a command line wants searched, and makes the task of it.</summary>
internal sealed class SearchCall(
    IndexOptions index, EmbedderOptionSet embedder, RecordOptions options, ParseResult result, CommandHost host)
    : IDisposable
{
    private const double MiB = 1 << 20;

    private readonly bool json = result.GetValue<bool>(CommonOptions.JsonName);
    private InputFile[] inputs = [];
    private bool areVectors;
    private VectorTable? table;
    private EmbeddingIndex? opened;

    /// <summary>Keep so many of the best.</summary>
    public required int Top { get; init; }

    /// <summary>Whether a result is a row, or a query is.</summary>
    public required bool RowPerPair { get; init; }

    /// <summary>The inputs that are records of texts.</summary>
    public IReadOnlyList<InputFile> Texts => areVectors ? [] : inputs;

    /// <summary>The files of vectors.</summary>
    public IReadOnlyList<InputFile> Vectors => areVectors ? inputs : [];

    /// <summary>The records of INDEX that could not be embedded, also where it ended early.</summary>
    public IReadOnlyList<RejectedRecord> RejectedRecords => table?.RejectedRecords ?? [];

    /// <summary>Finds the files.</summary>
    public void Find()
    {
        string path = index.Path(result);
        if (path == "-")
            throw new ToolException(ExitCode.Usage, "INDEX cannot be standard input");
        RecordFormat? format = index.Format(result, options.InputFormat(result));
        inputs = Inputs.Find([path], format, host, json);
        InputFile? vectors = inputs.FirstOrDefault(input => VectorFiles.AreIn(input, options.LongestLine(result)));
        if (vectors is null)
        {
            index.Check(result, inputs, host.Environment);
            return;
        }
        if (inputs.Length > 1)
            throw new ToolException(
                ExitCode.Usage, $"{Printable.OneLine(vectors.Name)}: name one file of vectors, or files of texts",
                vectors.Name);
        areVectors = true;
        index.RequireNone(result, vectors.Name, host.Environment);
    }

    /// <summary>Opens the index, and makes the task.</summary>
    /// <exception cref="ScoringException">The vectors are not of this model, or made otherwise.</exception>
    public RecordTask MakeTask(GauModel model)
    {
        long start = host.Clock.GetTimestamp();
        EmbedderOptions asked = embedder.Value(result);
        if (!areVectors && options.DryRun(result) is { } most)
        {
            Check(model, index.Embedder(result, asked), most);
            return new EmbedTask(model, asked);
        }
        table = areVectors
            ? VectorFiles.Open(inputs[0], options.LongestLine(result), keepsTexts: true, host.Cancel)
            : Embed(model, index.Embedder(result, asked));
        if (table.Vectors.Count == 0)
            throw new ToolException(
                table.Rejected.Count == 0 ? ExitCode.MalformedInput : ExitCode.TooManyRejects,
                $"{Printable.OneLine(table.Name)}: there is no vector to be found in it", table.Name);
        EmbedTask queries = new(model, AsIndex(asked, model));
        Require(queries.Describe(new ScoringOptions()));
        opened = new EmbeddingIndex(table.Vectors, options.Threads(result, host), host.Cancel);
        double seconds = host.Clock.GetElapsedTime(start).TotalSeconds;
        host.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{table.Name}: {opened.Count} vectors of {opened.Dimensions} numbers, "
                + $"{Math.Ceiling(opened.Bytes / MiB):0} MiB of memory, opened in {seconds:0.0} s"),
            json);
        return new SearchTask((VectorHead)queries.Head, table, opened, Top, RowPerPair);
    }

    public void Dispose()
    {
        opened?.Dispose();
        table?.Dispose();
    }

    // What was not asked for is as it was for the index, where the model does not say it.
    private EmbedderOptions AsIndex(EmbedderOptions asked, GauModel model)
    {
        if (table!.Description is not { } made)
            return asked;
        bool isFree = model.Embedding is null;
        return asked with
        {
            GivenPooling = asked.GivenPooling
                ?? (isFree && PoolingName.All.Contains(made.Pooling) ? PoolingName.Parse(made.Pooling) : null),
            GivenNormalize = asked.GivenNormalize ?? (isFree ? made.Normalize : null),
            Dimensions = asked.Dimensions ?? (made.Dimensions < model.Config.HiddenSize ? made.Dimensions : null),
        };
    }

    private void Require(VectorDescription queries)
    {
        string? difference = table!.Vectors.Dimensions != queries.Dimensions
            ? $"its vectors have {table.Vectors.Dimensions} numbers, and those of the queries {queries.Dimensions}"
            : table.Description is { } made && !made.IsSameSpace(queries) ? Difference(made, queries)
            : null;
        if (difference is not null)
            throw new ScoringException(
                ScoringFault.Mismatch, $"cannot be searched with this model and these options: {difference}",
                table.Name);
        if (table.Description is null)
            host.Note(
                $"{table.Name} does not say which model made its vectors: nothing but their length was checked", json);
    }

    private static string Difference(VectorDescription made, VectorDescription queries) =>
        (made.Model, made.ModelMetadata) != (queries.Model, queries.ModelMetadata)
            ? "its vectors were made by another model (--model names the model of the queries)"
            : made.Pooling != queries.Pooling
                ? $"its vectors are of pooling {made.Pooling}, and those of the queries of {queries.Pooling}"
                : $"its vectors are {Scaled(made)}, and those of the queries {Scaled(queries)}";

    private static string Scaled(VectorDescription vectors) =>
        vectors.Normalize ? "scaled to length 1" : "not scaled to length 1";

    // Of a dry run, which computes nothing.
    private void Check(GauModel model, EmbedderOptions how, int most)
    {
        if (options.Resume(result))
            throw new ToolException(
                ExitCode.Usage,
                "--dry-run with --resume: what was found before is that of vectors, and INDEX holds texts; leave out "
                + "one");
        EmbedTask task = new(model, how);
        using RecordSource source = Source(task);
        ScoringRun run = new(task, source, Asked(model), RecordFormat.JsonLines);
        run.Check(most, host.Cancel);
        Tell(run, source);
    }

    private VectorTable Embed(GauModel model, EmbedderOptions how)
    {
        EmbedTask task = new(model, how);
        using RecordSource source = Source(task);
        ScoringOptions asked = Asked(model);
        table = new VectorTable(index.Path(result), keepsTexts: true)
        {
            Description = task.Describe(asked), KeepsRejects = options.Rejects(result) is not null,
        };
        ScoringRun run = new(task, source, asked, RecordFormat.JsonLines);
        RunProgress progress = new(run.Totals, source, host.Clock);
        using RunMonitor monitor = new(progress, status: null, options.Reports(result, host), host);
        try
        {
            ProgressDisplay.Do(
                progress, () => run.Write(new VectorSink(table, null), host.Cancel),
                options.ShowProgress(result, host));
        }
        catch (ScoringException e) when (e.Fault == ScoringFault.TooManyRejects)
        {
            RunSummary.WriteReasons(run.Totals.Rejects, host, json);
            throw;
        }
        finally
        {
            monitor.End(null);
        }
        Tell(run, source);
        return table;
    }

    private RecordSource Source(EmbedTask task)
    {
        RecordFields fields = index.Fields(result, options.Fields(result, task.DefaultFields));
        RecordSource source = new(inputs, fields, options.LongestLine(result));
        foreach (string note in source.Notes)
            host.Note(note, json);
        return source;
    }

    private ScoringOptions Asked(GauModel model) => new()
    {
        Threads = options.Threads(result, host), GivenMaxLength = options.MaxLength(result, model),
        MaxRejects = options.MostRejects(result),
    };

    private void Tell(ScoringRun run, RecordSource source)
    {
        foreach (string note in source.EndNotes)
            host.Note(note, json);
        RunCounts counts = run.Totals.Written;
        if (counts.Rejected > 0)
            host.Note(
                $"{index.Path(result)}: {counts.Rejected} of {counts.Records} records were rejected and are not found",
                json);
        foreach (string reason in run.Totals.Rejects.Lines(1))
            host.Note(reason, json);
    }
}
