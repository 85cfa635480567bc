using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>Formats of results, of which some are no formats of records.</summary>
internal static class ResultFormats
{
    /// <summary>
    /// What the name of a matrix has behind it in those of the files that belong to it: what is left of its rows, and
    /// what its vectors are.
    /// </summary>
    public static IReadOnlyList<string> BesideMatrix { get; } = [".ids.jsonl", ".json"];

    /// <summary>Whether results are a table that is made of rows when all are there.</summary>
    public static bool IsTable(RecordFormat format) =>
        format == RecordFormat.Npy || RecordFormats.IsTable(format);

    /// <summary>What the names of the files beside the results have behind that of the results.</summary>
    public static IReadOnlyList<string> Beside(RecordFormat? format) =>
        format == RecordFormat.Npy ? BesideMatrix : [];

    /// <summary>The format a file's extension tells, that before one of a compression; or null.</summary>
    public static RecordFormat? OfExtension(string path) =>
        Path.GetExtension(Compressions.WithoutExtension(path)).Equals(".npy", StringComparison.OrdinalIgnoreCase)
            ? RecordFormat.Npy
            : RecordFormats.OfExtension(path);

    /// <summary>The format of that name, or null.</summary>
    public static RecordFormat? Parse(string name) => name == "npy" ? RecordFormat.Npy : RecordFormats.Parse(name);
}
