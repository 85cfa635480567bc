namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>The first place in or behind a block of an input where a record has just ended.</summary>
/// <param name="Offset">Behind the record's end, or behind the CR where that is CR LF in a table.</param>
/// <param name="Records">Records before it, of this input.</param>
/// <param name="Line">Number of the line that begins there, from 1.</param>
/// <param name="BehindReturn">Whether a CR before it may be that of CR LF.</param>
internal readonly record struct IndexPlace(long Offset, long Records, long Line, bool BehindReturn);
