using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>Reads the rows of a result file in order.</summary>
internal abstract class ResultReader : IDisposable
{
    /// <summary>The file, as the user named it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The bytes read; those of the whole file after the last row. Of Parquet, its rows as JSON Lines.
    /// </summary>
    public abstract ContentDigest Digest { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file, and its format if that is known.</param>
    /// <param name="longestLine">The longest line or record allowed, in bytes.</param>
    /// <exception cref="GauFormatException">It is no result file from its first bytes on.</exception>
    public static ResultReader Open(ComparedFile file, int longestLine)
    {
        string name = file.Input.Name;
        bool isTable = file.Format == RecordFormat.Parquet;
        DigestStream stream = new(
            isTable ? new TableRowStream(new ParquetResultReader(file.Input.Open(), name)) : file.Input.Open());
        try
        {
            ByteSource bytes = new(stream, name);
            LineReader lines = new(bytes, longestLine);
            return (file.Format ?? TextFormat.Guess(bytes.Available)) switch
            {
                RecordFormat.JsonLines or RecordFormat.Parquet => new JsonResultReader(name, stream, bytes, lines),
                RecordFormat.Csv => new DelimitedResultReader(name, stream, bytes, lines, tabs: false),
                RecordFormat.Tsv => new DelimitedResultReader(name, stream, bytes, lines, tabs: true),
                _ => throw new ArgumentOutOfRangeException(nameof(file), file.Format, "no format of results"),
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
