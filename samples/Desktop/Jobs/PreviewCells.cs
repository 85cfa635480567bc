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
