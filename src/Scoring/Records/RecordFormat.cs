namespace GauRuntime.Scoring.Records;

/// <summary>How records or results are laid out in a file.</summary>
public enum RecordFormat
{
    /// <summary>One JSON object per line.</summary>
    JsonLines,
    /// <summary>
    /// Comma-separated values (or semicolons, where only those stand in the header) with a header, RFC 4180.
    /// </summary>
    Csv,
    /// <summary>Tab-separated values with a header; quoted like CSV, or not: <see cref="FieldQuotes"/>.</summary>
    Tsv,
    /// <summary>One text per line.</summary>
    Text,
    /// <summary>Apache Parquet: a table of typed columns in row groups.</summary>
    Parquet,
    /// <summary>
    /// A matrix of NumPy with a row for each vector; results only. What else a row holds stands beside it in a file of
    /// JSON Lines, and what the vectors are in one of JSON.
    /// </summary>
    Npy,
    /// <summary>
    /// Apache Arrow: a table of typed columns in record batches, as a file (Feather 2) or as a stream in a file.
    /// </summary>
    Arrow,
}

/// <summary>Formats by name and by file extension.</summary>
internal static class RecordFormats
{
    /// <summary>The names that <see cref="Parse"/> knows, for messages and help.</summary>
    public const string Names = "jsonl, csv, tsv, txt, parquet, arrow";

    /// <summary>The format of that name, or null.</summary>
    public static RecordFormat? Parse(string name) => name switch
    {
        "jsonl" => RecordFormat.JsonLines,
        "csv" => RecordFormat.Csv,
        "tsv" => RecordFormat.Tsv,
        "txt" => RecordFormat.Text,
        "parquet" => RecordFormat.Parquet,
        "arrow" => RecordFormat.Arrow,
        _ => null,
    };

    /// <summary>Whether records are rows of typed columns, which are read out of a file and no pipe.</summary>
    public static bool IsTable(RecordFormat format) => format is RecordFormat.Parquet or RecordFormat.Arrow;

    /// <summary>Whether records are lines of delimited fields: CSV or TSV.</summary>
    public static bool IsDelimited(RecordFormat format) => format is RecordFormat.Csv or RecordFormat.Tsv;

    /// <summary>The usual extension of a format.</summary>
    public static string Extension(RecordFormat format) => format switch
    {
        RecordFormat.Csv => ".csv",
        RecordFormat.Tsv => ".tsv",
        RecordFormat.Text => ".txt",
        RecordFormat.Parquet => ".parquet",
        RecordFormat.Arrow => ".arrow",
        RecordFormat.Npy => ".npy",
        _ => ".jsonl",
    };

    /// <summary>The format a file's extension tells, or null; that of <c>a.csv.gz</c> is <c>.csv</c>.</summary>
    public static RecordFormat? OfExtension(string path) =>
        Path.GetExtension(Compressions.WithoutExtension(path)).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" or ".json" => RecordFormat.JsonLines,
            ".csv" => RecordFormat.Csv,
            ".tsv" or ".tab" => RecordFormat.Tsv,
            ".txt" or ".text" => RecordFormat.Text,
            ".parquet" => RecordFormat.Parquet,
            ".arrow" or ".feather" or ".arrows" => RecordFormat.Arrow,
            _ => null,
        };
}
