using GauRuntime.Scoring.Formats;

namespace GauRuntime.Scoring.Comparison;

/// <summary>One of two files to compare.</summary>
/// <param name="Input">The file; its own format does not count.</param>
/// <param name="Format">JSON Lines, CSV, TSV or Parquet; null: the file's first bytes tell.</param>
public sealed record ComparedFile(InputFile Input, RecordFormat? Format);
