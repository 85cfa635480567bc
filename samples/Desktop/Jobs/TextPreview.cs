using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Jobs;

/// <summary>The first rows of a file of characters: CSV, TSV, JSON or lines.</summary>
internal static class TextPreview
{
    private const int LongestLine = 1 << 20;

    /// <summary>Reads them.</summary>
    /// <param name="input">The file.</param>
    /// <param name="encoding">How its characters are bytes; becomes what was taken where that was automatic.</param>
    /// <exception cref="GauFormatException">Its header is none.</exception>
    public static PreviewCells Read(InputFile input, ref TextEncoding encoding)
    {
        using ByteSource bytes = new(input.Open(), input.Name, encoding);
        PreviewCells cells = input.Format switch
        {
            RecordFormat.Csv or RecordFormat.Tsv => ReadTable(bytes, input, encoding),
            RecordFormat.Text => ReadLines(bytes),
            _ => ReadObjects(bytes),
        };
        encoding = bytes.Encoding;
        return cells.With(bytes.EncodingNote);
    }

    private static PreviewCells ReadLines(ByteSource bytes)
    {
        LineReader lines = new(bytes, LongestLine);
        List<IReadOnlyList<string>> rows = [];
        while (rows.Count < PreviewCells.MostRows && lines.Read())
            rows.Add([PreviewCells.Shown(Encoding.UTF8.GetString(lines.Head))]);
        return new PreviewCells(["text"], rows, null);
    }

    private static PreviewCells ReadTable(ByteSource bytes, InputFile input, TextEncoding encoding)
    {
        LineReader lines = new(bytes, LongestLine);
        bool tabs = input.Format == RecordFormat.Tsv;
        if (DelimitedHeader.Read(lines, tabs, new RecordFields { Encoding = encoding }) is not { } header)
            return new PreviewCells([], [], null);
        if (header.Error is { } error)
            throw new GauFormatException(input.Name, "line 1", error);
        string[] columns = [.. header.Columns.Take(PreviewCells.MostColumns)];
        List<IReadOnlyList<string>> rows = [];
        List<string> cells = [];
        while (rows.Count < PreviewCells.MostRows && DelimitedLine.Next(lines, header.Columns.Count))
        {
            if (lines.TooLong || DelimitedLine.Split(lines.Line, header.Delimiter, cells, lines.Quotes) is not null)
                continue;
            rows.Add([.. columns.Select((_, i) => i < cells.Count ? PreviewCells.Shown(cells[i]) : "")]);
        }
        return PreviewCells.Of(header.Columns, rows);
    }

    private static PreviewCells ReadObjects(ByteSource bytes)
    {
        JsonLayout layout = JsonLayouts.Of(bytes);
        RecordSplitter values = layout == JsonLayout.Lines
            ? new LineReader(bytes, LongestLine)
            : new JsonValueSplitter(bytes, LongestLine, layout == JsonLayout.Array);
        List<Dictionary<string, string>> objects = [];
        bool isAny = false;
        while (objects.Count < PreviewCells.MostRows && values.Read())
        {
            isAny = true;
            if (!values.TooLong && TryRead(values.Line.ToArray()) is { } cells)
                objects.Add(cells);
        }
        string[] columns = [.. objects.SelectMany(cells => cells.Keys).Distinct(StringComparer.Ordinal)];
        return PreviewCells.Of(
            columns,
            [
                .. objects.Select(cells => columns.Take(PreviewCells.MostColumns)
                    .Select(name => cells.GetValueOrDefault(name, "")).ToArray()),
            ],
            isAny && objects.Count == 0 ? "no objects of JSON were found" : null);
    }

    // Null where it is no object, which costs itself alone.
    private static Dictionary<string, string>? TryRead(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Dictionary<string, string> cells = new(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
                cells[property.Name] = PreviewCells.Shown(property.Value);
            return cells;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
