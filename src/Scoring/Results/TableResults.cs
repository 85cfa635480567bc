using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Results;

/// <summary>Results in Parquet and Arrow: converts finished rows of JSON Lines into a table.</summary>
/// <remarks>
/// Memory holds a row group or record batch, at most some 16 MiB, and one row. <see cref="TableResultReader"/> gives
/// the same bytes back, but for an id that was written with escapes, which comes back in its usual form, the number
/// beside an id that is null, which is that of the row, and fields that are carried along: they come back in the order
/// of their columns, spelled in the usual way, and without those that are null.
/// </remarks>
internal static class TableResults
{
    /// <summary>Writes rows as a Parquet or Arrow file. The same rows give the same bytes.</summary>
    /// <param name="jsonLines">The rows; a stream that can seek, since they are read up to three times.</param>
    /// <param name="table">Where the file goes.</param>
    /// <param name="columns">
    /// What the rows may hold, in order; <see cref="ResultColumn.OfRows"/>. Fields that are carried along become
    /// columns of their own.
    /// </param>
    /// <param name="cancel">Ends the work.</param>
    /// <param name="name">What a fault calls the rows.</param>
    /// <param name="vectors">What their vectors are, if they have some.</param>
    /// <param name="format">Parquet or Arrow.</param>
    /// <returns>How near stored vectors are to those of the rows; null where they are the same.</returns>
    /// <exception cref="GauFormatException">A row is not such a result.</exception>
    public static CosineLoss? Write(
        Stream jsonLines, Stream table, IReadOnlyList<ResultColumn> columns, CancellationToken cancel,
        string name = "results", VectorDescription? vectors = null, RecordFormat format = RecordFormat.Parquet)
    {
        ArgumentNullException.ThrowIfNull(jsonLines);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        long start = jsonLines.Position;
        bool wholeIds = columns is [{ Type: ResultType.Id }, ..] && WholeIds.AreIn(jsonLines, name, cancel);
        jsonLines.Position = start;
        if (columns.Any(KeptColumns.IsOwn))
        {
            columns = WithFields(jsonLines, columns, name, cancel);
            jsonLines.Position = start;
        }
        using ColumnResultWriter writer = Create(format, table, columns, wholeIds, vectors);
        writer.AddAll(jsonLines, name, cancel);
        return writer.Loss;
    }

    /// <summary>Makes the writer of a format.</summary>
    /// <param name="format">Parquet or Arrow.</param>
    /// <param name="table">Where the file goes.</param>
    /// <param name="columns">What the rows may hold, fields that are carried along included.</param>
    /// <param name="wholeIds">Whether every id is a whole number.</param>
    /// <param name="vectors">What the vectors of the rows are, if they have some.</param>
    public static ColumnResultWriter Create(
        RecordFormat format, Stream table, IReadOnlyList<ResultColumn> columns, bool wholeIds,
        VectorDescription? vectors) => format == RecordFormat.Arrow
        ? new ArrowResultWriter(table, columns, wholeIds, vectors)
        : new ParquetResultWriter(table, columns, wholeIds, vectors);

    // What is no row is found by whoever reads all of it.
    private static IReadOnlyList<ResultColumn> WithFields(
        Stream jsonLines, IReadOnlyList<ResultColumn> columns, string name, CancellationToken cancel)
    {
        KeptColumns kept = new();
        LineReader lines = new(new ByteSource(jsonLines, name), int.MaxValue);   // the caller closes the stream
        while (lines.Read())
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                kept.Add(lines.Line);
            }
            catch (JsonException)
            {
            }
        }
        return kept.In(columns);
    }
}
