namespace GauRuntime.Scoring.Jobs;

/// <summary>A prefix of a file: its length and the XxHash128 of its bytes.</summary>
internal readonly record struct FileMark(long Length, UInt128 Digest);
