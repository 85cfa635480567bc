using System.Text;
using System.Text.Json;
using GauRuntime.Desktop.Server;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Jobs;

/// <summary>The beginning of a file of records: its columns, its first rows, and what they may mean.</summary>
internal sealed class InputPreview
{
    private const int MostRows = 20, MostColumns = 200, MostCharacters = 300, LongestLine = 1 << 20;

    private static readonly string[] TextNames =
    [
        "text", "content", "sentence", "sentence1", "question", "query", "title", "文本", "内容", "正文", "原文", "句子",
        "条款", "问题", "标题",
    ];

    private static readonly string[] IdNames = ["id", "ID", "Id", "编号", "序号"];

    private readonly List<string> columns = [];
    private readonly List<IReadOnlyList<string>> rows = [];
    private string? note;

    /// <summary>Looks at a file.</summary>
    /// <exception cref="GauFormatException">It is not what its name says.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static PreviewAnswer Of(PreviewCall call)
    {
        InputFile input = InputFile.Find(call.Path, JobDescription.FormatOf(call.Format));
        InputPreview preview = new();
        TextEncoding encoding = JobDescription.EncodingOf(call.Encoding);
        if (input.Format == RecordFormat.Parquet)
            preview.ReadParquet(input);
        else
            encoding = preview.ReadText(input, encoding);
        return new PreviewAnswer(
            input.Path!, RecordFormats.Extension(input.Format)[1..], encoding.FullName(), input.Length ?? 0,
            preview.columns, preview.rows, preview.GuessText(), null,
            preview.columns.Find(column => IdNames.Contains(column)), preview.note);
    }

    private static string Shown(string cell) =>
        cell.Length <= MostCharacters ? cell : string.Concat(cell.AsSpan(0, MostCharacters - 1), "…");

    private TextEncoding ReadText(InputFile input, TextEncoding encoding)
    {
        using ByteSource bytes = new(input.Open(), input.Name, encoding);
        LineReader lines = new(bytes, LongestLine);
        switch (input.Format)
        {
            case RecordFormat.Csv or RecordFormat.Tsv:
                ReadTable(lines, input, encoding);
                break;
            case RecordFormat.Text:
                columns.Add("text");
                while (rows.Count < MostRows && lines.Read())
                    rows.Add([Shown(Encoding.UTF8.GetString(lines.Head))]);
                break;
            default:
                ReadObjects(lines);
                break;
        }
        note ??= bytes.EncodingNote;
        return bytes.Encoding;
    }

    private void ReadTable(LineReader lines, InputFile input, TextEncoding encoding)
    {
        bool tabs = input.Format == RecordFormat.Tsv;
        if (DelimitedHeader.Read(lines, tabs, new RecordFields { Encoding = encoding }) is not { } header)
            return;
        if (header.Error is { } error)
            throw new GauFormatException(input.Name, "line 1", error);
        columns.AddRange(header.Columns.Take(MostColumns));
        List<string> cells = [];
        while (rows.Count < MostRows && DelimitedLine.Next(lines, header.Columns.Count))
        {
            if (lines.TooLong || DelimitedLine.Split(lines.Line, header.Delimiter, cells, lines.Quotes) is not null)
                continue;
            rows.Add([.. Enumerable.Range(0, columns.Count).Select(i => i < cells.Count ? Shown(cells[i]) : "")]);
        }
    }

    // One object a line, as JSON Lines has them; of other layouts the fields are not told.
    private void ReadObjects(LineReader lines)
    {
        List<Dictionary<string, string>> objects = [];
        try
        {
            while (objects.Count < MostRows && lines.Read())
            {
                if (lines.Line.IsEmpty || lines.TooLong)
                    continue;
                using JsonDocument document = JsonDocument.Parse(lines.Line.ToArray());
                Dictionary<string, string> cells = new(StringComparer.Ordinal);
                foreach (JsonProperty property in document.RootElement.EnumerateObject())
                    cells[property.Name] = Shown(property.Value.ValueKind == JsonValueKind.String
                        ? property.Value.GetString()!
                        : property.Value.GetRawText());
                objects.Add(cells);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            note = "this is not one object a line, so that its fields are not shown";
        }
        columns.AddRange(objects.SelectMany(cells => cells.Keys).Distinct(StringComparer.Ordinal).Take(MostColumns));
        rows.AddRange(objects.Select(cells => columns.ConvertAll(column => cells.GetValueOrDefault(column, ""))));
    }

    private void ReadParquet(InputFile input)
    {
        using Parquet.ParquetFile file = ParquetContent.Open(input.Open());
        columns.AddRange(file.Footer.Columns.Where(column => column.IsFlat).Select(column => column.Field)
            .Take(MostColumns));
        note = "rows of Parquet are shown when they are scored";
    }

    // The column of a usual name, or else that of the longest cells.
    private string? GuessText() =>
        columns.Find(column => TextNames.Contains(column))
        ?? columns.Select((name, i) => (name, length: rows.Sum(row => row[i].Length)))
            .OrderByDescending(column => column.length).Select(column => column.name).FirstOrDefault();
}
