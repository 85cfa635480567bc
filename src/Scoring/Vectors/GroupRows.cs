using System.Buffers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Vectors;

/// <summary>Writes a row for every record of a table of vectors, those without a vector included.</summary>
/// <param name="table">The records.</param>
/// <param name="columns">The values that a row may hold besides its id and an error.</param>
/// <param name="format">Of the rows; those of Parquet and Arrow are JSON Lines until they are a table.</param>
/// <param name="byteOrderMark">Whether CSV and TSV begin with one.</param>
internal sealed class GroupRows(
    VectorTable table, IReadOnlyList<ResultColumn> columns, RecordFormat format, bool byteOrderMark)
{
    /// <summary>Writes them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="compression">How they are compressed; of Parquet and Arrow not at all.</param>
    /// <param name="write">Writes the values of a row.</param>
    /// <param name="cancel">Ends it.</param>
    public void Write(Stream output, Compression compression, Action<int, ResultRows> write, CancellationToken cancel)
    {
        if (!RecordFormats.IsTable(format))
        {
            WriteLines(output, compression, format, write, cancel);
            return;
        }
        using FileStream lines = new(
            TemporaryPath.Of("gau-rows"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose);
        WriteLines(lines, Compression.None, RecordFormat.JsonLines, write, cancel);
        lines.Position = 0;
        TableResults.Write(
            lines, output, [new("id", ResultType.Id), .. columns, new("error", ResultType.Error)], cancel,
            format: format);
    }

    private void WriteLines(
        Stream output, Compression compression, RecordFormat lines, Action<int, ResultRows> write,
        CancellationToken cancel)
    {
        using ResultRows rows = ResultRows.Create(
            lines, [.. columns.Select(column => column.Name)], new RecordFields(), byteOrderMark: byteOrderMark);
        using RowFrames frames = new(compression);
        ArrayBufferWriter<byte> line = new(), answer = new();
        rows.Header(line);
        Hand(line, frames, output);
        int rejected = 0;
        for (int row = 0; row <= table.Vectors.Count; row++)
        {
            cancel.ThrowIfCancellationRequested();
            for (; rejected < table.Rejected.Count && table.Rejected[rejected].Before == row; rejected++)
            {
                rows.Reject(table.Rejected[rejected].Id, table.Rejected[rejected].Error, line);
                Hand(line, frames, output);
            }
            if (row == table.Vectors.Count)
                break;
            rows.Begin();
            write(row, rows);
            answer.ResetWrittenCount();
            answer.Write(rows.End());
            rows.Row(table.Id(row), answer.WrittenSpan, null, line);
            Hand(line, frames, output);
        }
        if (frames.HasRows)
        {
            frames.Close();
            output.Write(frames.Frame);
        }
        output.Flush();
    }

    private static void Hand(ArrayBufferWriter<byte> line, RowFrames frames, Stream output)
    {
        if (line.WrittenCount > 0 && frames.Add(line.WrittenSpan))
            output.Write(frames.Frame);
        line.ResetWrittenCount();
    }
}
