using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;

namespace GauRuntime.Convert.Measurement;

/// <summary>A text to measure on.</summary>
/// <param name="Number">Its place among the texts, from 0.</param>
/// <param name="Id">What names it.</param>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text of a pair, or null.</param>
/// <param name="Label">Its true label, or null.</param>
internal sealed record Sample(int Number, string Id, string Text, string? Pair, string? Label);

/// <summary>The texts of a file, read anew for every pass over them, so that none are kept.</summary>
/// <param name="path">JSON Lines, CSV, TSV, text lines, Parquet or Arrow, by extension.</param>
/// <param name="fields">How its records are read, and which fields hold the text and the true label.</param>
internal sealed class SampleFile(string path, RecordFields fields)
{
    private string? firstFault;   // of the last pass

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Records of the last pass that held no text.</summary>
    public int Rejected { get; private set; }

    /// <summary>What should be known of how the last pass read the file, one line each.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>All texts in order; bad records are counted and left out.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="Weights.GauFormatException">The file cannot be split into records.</exception>
    public IEnumerable<Sample> Read()
    {
        (Rejected, firstFault) = (0, null);
        int number = 0;
        using RecordSource source = new([InputFile.Find(path, null)], fields with { KeepOthers = true });
        Notes = source.Notes;
        while (source.Next() is { } record)
            if (record.Error is null && record.Text is { } text)
                yield return new Sample(number++, record.Id.ToString(), text, record.Pair, Label(record.Others));
            else
            {
                Rejected++;
                firstFault ??= record.Error;
            }
    }

    /// <summary>Throws unless there is a text.</summary>
    /// <exception cref="ToolException">No record holds one.</exception>
    public void RequireText()
    {
        if (Read().Any())
            return;
        string why = Rejected == 0 ? "no records" : $"none of its {Rejected} records has a text in '{fields.Text}'";
        if (firstFault is not null)
            why += $"; the first: {firstFault}";
        throw new ToolException(ExitCode.Usage, $"{path}: {why}", path);
    }

    private string? Label(string? others)
    {
        if (string.IsNullOrEmpty(others) || fields.Label is null)
            return null;
        using JsonDocument json = JsonDocument.Parse($"{{{others}}}");
        return !json.RootElement.TryGetProperty(fields.Label, out JsonElement label) ? null
            : label.ValueKind == JsonValueKind.String ? label.GetString()
            : label.ValueKind == JsonValueKind.Number ? label.GetRawText() : null;
    }
}
