using System.Globalization;
using System.Text.Json;
using GauRuntime.Desktop.Table;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Jobs;

/// <summary>What the rows of a job tell of its columns, before <see cref="DelimitedExport"/> writes them.</summary>
/// <param name="rows">Rows of JSON, one a line; read from their start, and set back there.</param>
/// <param name="name">What a fault calls them.</param>
internal sealed class SavedRows(FileStream rows, string name)
{
    /// <summary>The columns that CSV and TSV have for the fields that were carried.</summary>
    /// <param name="input">The format of the records.</param>
    public KeptHeader Header(RecordFormat input) =>
        KeptHeader.OfRows(All().Where(row => !row.TryGetProperty("error"u8, out _)).Select(Others), input);

    /// <summary>Refuses rows of a model that has other labels than it had.</summary>
    /// <param name="labels">Those of the columns of probabilities.</param>
    /// <exception cref="GauFormatException">It has.</exception>
    public void RequireLabels(IReadOnlyList<string> labels)
    {
        JsonElement first = All().FirstOrDefault(row => row.TryGetProperty("probabilities"u8, out _));
        if (first.ValueKind != JsonValueKind.Object || labels.Count == 0)
            return;
        HashSet<string> found =
            [.. first.GetProperty("probabilities"u8).EnumerateObject().Select(one => one.Name)];
        if (!found.SetEquals(labels))
            throw new GauFormatException(
                name, "labels", "the model file has other labels than when these rows were made: put that one back");
    }

    private static string? Others(JsonElement row) =>
        row.TryGetProperty(KeptFields.Key, out JsonElement others) ? others.GetRawText() : null;

    private IEnumerable<JsonElement> All()
    {
        rows.Position = 0;
        try
        {
            LineReader lines = new(new ByteSource(rows, name), int.MaxValue);   // the caller closes the stream
            while (lines.Read())
                yield return Parsed(lines);
        }
        finally
        {
            rows.Position = 0;
        }
    }

    private JsonElement Parsed(LineReader lines)
    {
        try
        {
            return JsonElement.Parse(lines.Line, RowJson.Parsing);
        }
        catch (JsonException e)
        {
            throw new GauFormatException(
                name, string.Create(CultureInfo.InvariantCulture, $"line {lines.Number}"), "no row of results", e);
        }
    }
}
