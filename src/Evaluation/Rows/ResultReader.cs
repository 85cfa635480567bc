using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Rows;

/// <summary>Reads the rows of a result file in order.</summary>
internal abstract class ResultReader : IDisposable
{
    /// <summary>The file, as the user named it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The bytes read; those of the whole file after the last row. Of Parquet and Arrow, the rows as JSON Lines.
    /// </summary>
    public abstract ContentDigest Digest { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file; its own format does not count.</param>
    /// <param name="format">JSON Lines, CSV, TSV, Parquet or Arrow; null: the file's first bytes tell.</param>
    /// <param name="longestLine">The longest line or record allowed, in bytes.</param>
    /// <exception cref="GauFormatException">It is no result file from its first bytes on.</exception>
    public static ResultReader Open(InputFile file, RecordFormat? format, int longestLine)
    {
        string name = file.Name;
        bool isTable = format is { } table && RecordFormats.IsTable(table);
        DigestStream stream = new(
            isTable ? new TableRowStream(new TableResultReader(file.Open(), name)) : file.Open());
        try
        {
            ByteSource bytes = new(stream, name);
            LineReader lines = new(bytes, longestLine);
            return (format ?? TextFormat.Guess(bytes.Available)) switch
            {
                RecordFormat.JsonLines or RecordFormat.Parquet or RecordFormat.Arrow =>
                    new JsonResultReader(name, stream, bytes, lines),
                RecordFormat.Csv => new DelimitedResultReader(name, stream, bytes, lines, tabs: false),
                RecordFormat.Tsv => new DelimitedResultReader(name, stream, bytes, lines, tabs: true),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no format of results"),
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The next row, or null at the end.</summary>
    /// <exception cref="GauFormatException">It is no result.</exception>
    public abstract ResultRow? Read();

    public abstract void Dispose();
}
