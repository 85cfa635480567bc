using System.Text.Json;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Jobs;

/// <summary>The first rows of a Parquet or Arrow file.</summary>
internal static class TablePreview
{
    private const int MostCellBytes = 1 << 16;

    /// <summary>Reads them.</summary>
    /// <exception cref="GauFormatException">It is no such file.</exception>
    public static PreviewCells Read(InputFile input) =>
        TableRecordReader.Guard(input.Name, "table", () => Read(input.Open(), input.Format));

    private static PreviewCells Read(Stream stream, RecordFormat format)
    {
        using Stream owned = stream;
        using TableFile file = TableContent.Open(stream, format);
        SchemaNode[] fields = [.. file.Fields.Take(PreviewCells.MostColumns)];
        List<IReadOnlyList<string>> rows = [];
        for (int part = 0; part < file.Rows.Count && rows.Count < PreviewCells.MostRows; part++)
            AddPart(file.Open(part), fields, (int)Math.Min(file.Rows[part], PreviewCells.MostRows - rows.Count), rows);
        return PreviewCells.Of([.. file.Fields.Select(field => field.Name)], rows, file.Remark);
    }

    private static void AddPart(TablePart part, SchemaNode[] fields, int count, List<IReadOnlyList<string>> rows)
    {
        ValueCursor[][] cursors = [.. fields.Select(field => field.Columns.Select(part.Cursor).ToArray())];
        Func<Func<int, bool>, string?>[] values = [.. fields.Zip(cursors, part.Json)];
        for (int row = 0; row < count; row++)
        {
            foreach (ValueCursor cursor in cursors.SelectMany(own => own))
                cursor.NextRow();
            rows.Add([.. values.Select(Cell)]);
        }
    }

    // What is too long to be looked at is still something.
    private static string Cell(Func<Func<int, bool>, string?> value)
    {
        if (value(bytes => bytes <= MostCellBytes) is not { } json)
            return "…";
        using JsonDocument document = JsonDocument.Parse(json);
        return PreviewCells.Shown(document.RootElement);
    }
}
