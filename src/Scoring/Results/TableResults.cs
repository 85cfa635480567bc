using System.Buffers;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Results;

/// <summary>Results in Parquet and Arrow: converts finished rows of JSON Lines into a table and back.</summary>
/// <remarks>
/// Memory holds a row group or record batch, at most some 16 MiB, and one row. Converting back gives the same bytes,
/// but for an id that was written with escapes, which comes back in its usual form, the number beside an id that is
/// null, which is that of the row, and fields that are carried along: they come back in the order of their columns,
/// spelled in the usual way, and without those that are null.
/// </remarks>
internal static class TableResults
{
    private const int FlushAt = 1 << 16;

    /// <summary>Writes rows as a Parquet or Arrow file. The same rows give the same bytes.</summary>
    /// <param name="jsonLines">The rows; a stream that can seek, since they are read twice.</param>
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

    /// <summary>Writes the rows of a Parquet or Arrow file as JSON Lines.</summary>
    /// <param name="table">A file that <see cref="Write"/> wrote; a stream that can seek. It is closed.</param>
    /// <param name="jsonLines">Where the rows go.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <param name="name">What a fault calls the file.</param>
    /// <exception cref="GauFormatException">It is malformed, or another kind of file.</exception>
    public static void Read(
        Stream table, Stream jsonLines, CancellationToken cancel, string name = "results")
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(jsonLines);
        using TableResultReader reader = new(table, name);
        ArrayBufferWriter<byte> rows = new();
        while (reader.Read(rows))
        {
            cancel.ThrowIfCancellationRequested();
            if (rows.WrittenCount < FlushAt)
                continue;
            jsonLines.Write(rows.WrittenSpan);
            rows.ResetWrittenCount();
        }
        jsonLines.Write(rows.WrittenSpan);
    }
}
