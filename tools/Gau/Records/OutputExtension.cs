using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Records;

/// <summary>What the extension of an output says of its format.</summary>
internal static class OutputExtension
{
    /// <summary>The format; null where there is no extension, or one that results do not have.</summary>
    public static RecordFormat? Format(string path) =>
        ResultFormats.OfExtension(path) is { } format and not RecordFormat.Text ? format : null;

    /// <summary>Refuses an extension of another format than that of parts that are joined.</summary>
    /// <exception cref="ToolException">It is one.</exception>
    public static void Require(string path, RecordFormat format)
    {
        if (Of(path).Length > 1 && Format(path) != format)
            throw new ToolException(
                ExitCode.Usage,
                $"{Printable.OneLine(path)}: the parts are {RecordFormats.Extension(format)}, and so is what they are "
                    + $"joined "
                + "into: name it so, or without extension",
                path);
    }

    /// <summary>Refuses an extension that would promise what the file does not hold.</summary>
    /// <param name="path">The output.</param>
    /// <param name="hasVectors">Whether results are vectors.</param>
    /// <exception cref="ToolException">It is one.</exception>
    public static void Require(string path, bool hasVectors)
    {
        if (Format(path) == RecordFormat.Npy && !hasVectors)
            throw new ToolException(
                ExitCode.Usage, $"{Printable.OneLine(path)}: npy holds the vectors of gau embed, and nothing else",
                path);
        string extension = Of(path);
        if (extension.Length > 1 && Format(path) is null)
            throw new ToolException(
                ExitCode.Usage,
                $"{Printable.OneLine(path)}: results are not written as {Printable.OneLine(extension)}, but as .jsonl "
                + $"(also .json, .ndjson), .csv, .tsv (.tab){(hasVectors ? ", .npy" : "")}, .parquet and "
                + $".arrow (.feather, .arrows), all but the last {(hasVectors ? "three" : "two")} also with .gz or "
                + ".zst; --output-format takes any name",
                path);
    }

    // The extension, but for that of the compression.
    private static string Of(string path) => Path.GetExtension(Compressions.WithoutExtension(path));
}
