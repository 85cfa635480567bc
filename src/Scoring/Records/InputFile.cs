using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Records;

/// <summary>Makes a reader that takes over the bytes of an input.</summary>
internal delegate RecordReader RecordReaderFactory(string source, ByteSource bytes, int longest, long firstNumber);

/// <summary>An input that has been found but not yet opened.</summary>
/// <param name="Name">As the user named it.</param>
/// <param name="Format">How its records are laid out.</param>
/// <param name="Length">Its size in bytes, or null where it cannot be known (a pipe).</param>
/// <param name="Open">
/// Opens it for reading from its start to its end; more than once where the stream can seek.
/// </param>
public sealed record InputFile(string Name, RecordFormat Format, long? Length, Func<Stream> Open)
{
    /// <summary>Where it lies; null where it is no file.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// How its characters are bytes, where that is known and none of <see cref="RecordFields.Encoding"/>'s business.
    /// </summary>
    public TextEncoding? Encoding { get; init; }

    /// <summary>What it was when it was found; null where it is no file.</summary>
    internal FileStamp? Stamp { get; init; }

    /// <summary>Makes the reader of a layout that is not one of the formats.</summary>
    internal RecordReaderFactory? Reader { get; init; }

    /// <summary>Finds a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="format">
    /// The format, or null to go by the extension; a name without a known one is taken as JSON Lines.
    /// </param>
    /// <remarks>
    /// Whoever reads it to its end sees whether it is still what it was here: if not, reading ends with an
    /// <see cref="IOException"/>.
    /// </remarks>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder.</exception>
    public static InputFile Find(string path, RecordFormat? format)
    {
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"{Printable.OneLine(path)}: a folder; name the files in it");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{Printable.OneLine(path)}: {WhyMissing(path)}", path);
        FileStamp? stamp = FileStamp.Of(path);
        return new InputFile(
            path,
            format ?? RecordFormats.OfExtension(path) ?? RecordFormat.JsonLines,
            stamp is { Length: > 0 and var length } ? length : null,
            () => OpenFile(path, stamp))
        {
            Path = path, Stamp = stamp,
        };
    }

    // Of a name that is not UTF-8 nobody here can say the bytes, but in a folder it is found.
    private static string WhyMissing(string path) => path.Contains('\uFFFD', StringComparison.Ordinal)
        ? "its name is not UTF-8, and cannot be opened: rename it (convmv)"
        : "no such file";

    private static Stream OpenFile(string path, FileStamp? stamp)
    {
        FileStream file = new(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        return stamp is { } found ? new WatchedStream(file, path, found) : file;
    }
}
