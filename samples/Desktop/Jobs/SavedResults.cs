using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Server;
using GauRuntime.Parquet;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Jobs;

/// <summary>Saves the results of a job where the user wants them, in the format that is wanted.</summary>
internal static class SavedResults
{
    /// <summary>Writes a file, which appears only when it is complete.</summary>
    /// <param name="folder">The job's; its rows are complete.</param>
    /// <param name="path">The file.</param>
    /// <param name="format">jsonl, csv, tsv, parquet or arrow.</param>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <param name="models">Where its model comes from, which tells the columns.</param>
    /// <param name="cancel">Ends it, and leaves nothing.</param>
    /// <exception cref="ScoringException">The file exists, or cannot be made.</exception>
    /// <exception cref="IOException">The disk is full, or a file is not there.</exception>
    public static void Write(
        JobFolder folder, string path, RecordFormat format, bool replace, ModelShelf models, CancellationToken cancel)
    {
        if (!Path.IsPathFullyQualified(path))
            throw ApiFault.Request("a whole path is wanted");
        if (OutputFile.IsDevice(path))
            throw ApiFault.Request("that is a device");
        using FileStream rows = new(
            folder.Results, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using OutputFile output = Create(path, replace);
        if (format == RecordFormat.JsonLines)
            rows.CopyTo(output.Stream);
        else
            WriteTable(folder, rows, output.Stream, format, models, cancel);
        output.Commit();
    }

    private static OutputFile Create(string path, bool replace) => File.Exists(path) && !replace
        ? throw ApiFault.Refused("a file of that name exists")
        : OutputFile.Create(path, replace);

    // The rows tell all: the file of the records may have been changed or be gone.
    private static void WriteTable(
        JobFolder folder, FileStream rows, Stream output, RecordFormat format, ModelShelf models,
        CancellationToken cancel)
    {
        JobDescription description = folder.Description;
        using ModelLease lease = models.Take(description.Model);
        RecordTask task = description.MakeTask(lease.Model);
        RecordFields fields = description.Fields(task);
        IReadOnlyList<ResultColumn> answers = ResultColumn.OfAnswers(task.AnswerColumns, fields);
        SavedRows saved = new(rows, folder.Results);
        saved.RequireLabels(
            [.. answers.Where(column => column.Type == ResultType.Probability).Select(column => column.Label)]);
        if (RecordFormats.IsTable(format))
        {
            ResultColumn[] columns =
            [
                ResultColumn.OfId(IdAnnotation(description, fields)),
                .. ResultColumn.OfRows(task.AnswerColumns, fields).Skip(1),
            ];
            TableResults.Write(
                rows, output, columns, cancel, folder.Results, task.Describe(new ScoringOptions()), format);
            return;
        }
        using DelimitedExport export = new(answers, fields, format, saved.Header(description.InputFormat));
        export.Write(rows, folder.Results, output, cancel);
    }

    // What ids mean, a Parquet or Arrow file of records says, where it is still there.
    private static Annotation IdAnnotation(JobDescription description, RecordFields fields)
    {
        try
        {
            using RecordSource source = new([description.Find()], fields);
            return source.IdAnnotation;
        }
        catch (Exception e) when (e is GauFormatException or IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
