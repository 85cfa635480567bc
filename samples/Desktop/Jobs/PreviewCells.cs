using System.Text.Json;

namespace GauRuntime.Desktop.Jobs;

/// <summary>What a preview shows of a file.</summary>
/// <param name="Columns">Names of its columns, or of the fields of its objects.</param>
/// <param name="Rows">The first rows, a cell for each column.</param>
/// <param name="Note">What should be known, or null.</param>
internal sealed record PreviewCells(
    IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string? Note)
{
    /// <summary>The most rows that are shown.</summary>
    public const int MostRows = 20;

    /// <summary>The most columns that are shown.</summary>
    public const int MostColumns = 200;

    private const int MostCharacters = 300;

    /// <summary>The first columns of a file.</summary>
    /// <param name="columns">All that there are; rows have cells for the first <see cref="MostColumns"/>.</param>
    /// <param name="rows">The first rows.</param>
    /// <param name="note">What should be known, or null.</param>
    public static PreviewCells Of(
        IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, string? note = null) =>
        columns.Count <= MostColumns
            ? new PreviewCells(columns, rows, note)
            : new PreviewCells([.. columns.Take(MostColumns)], rows, note).With(
                $"the first {MostColumns} of {columns.Count} columns are shown");

    /// <summary>The same, with something more that should be known; null: nothing.</summary>
    public PreviewCells With(string? note) =>
        note is null ? this : this with { Note = Note is null ? note : $"{Note}; {note}" };

    /// <summary>The beginning of a cell.</summary>
    public static string Shown(string cell) =>
        cell.Length <= MostCharacters ? cell : string.Concat(cell.AsSpan(0, MostCharacters - 1), "…");

    /// <summary>A value of JSON as a cell: a text without its quotes, nothing for null.</summary>
    public static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Shown(value.GetString()!),
        JsonValueKind.Null => "",
        _ => Shown(value.GetRawText()),
    };
}
