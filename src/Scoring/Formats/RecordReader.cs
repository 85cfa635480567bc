namespace GauRuntime.Scoring.Formats;

/// <summary>
/// Reads the records of one input in order. Only a lost structure stops it; a bad record is a record with an error.
/// </summary>
internal abstract class RecordReader(string source, LineReader lines, long firstNumber)
{
    private long number = firstNumber;

    /// <summary>The lines or CSV records of the input.</summary>
    protected LineReader Lines { get; } = lines;

    /// <summary>The input, as the user named it.</summary>
    protected string Source { get; } = source;

    /// <summary>The next record, or null at the end.</summary>
    /// <exception cref="Weights.GauFormatException">The rest of the input cannot be split into records.</exception>
    public abstract TextRecord? Read();

    /// <summary>The number of the record being made; each call counts one.</summary>
    protected long TakeNumber() => number++;

    /// <summary>Where the current line begins.</summary>
    protected RecordPlace Place => new(Source, Lines.Number, Lines.Offset);

    /// <summary>The current line as a record that cannot be scored.</summary>
    protected TextRecord Reject(long number, RecordId id, string error) => new()
    {
        Number = number,
        Id = id,
        Place = Place,
        Error = error,
        Raw = Lines.TooLong ? null : Lines.Line.ToArray(),
    };
}
