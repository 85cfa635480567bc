using GauRuntime.Scoring.Records.Indexed;

namespace GauRuntime.Scoring.Records;

/// <summary>Reads the records of a format of text.</summary>
/// <param name="source">The input, as the user named it.</param>
/// <param name="bytes">Its content; disposed with the reader.</param>
/// <param name="records">Splits it.</param>
/// <param name="replaceInvalid">Whether bytes that are no characters become U+FFFD, or else make a reject.</param>
/// <param name="firstNumber">Number of its first record.</param>
internal abstract class LineRecordReader(
    string source, ByteSource bytes, RecordSplitter records, bool replaceInvalid, long firstNumber)
    : RecordReader(firstNumber)
{
    private byte[]? replacement;

    public override long Position => IsWhole || bytes.IsCompressed ? 0 : bytes.Position;

    public override long BytesRead => bytes.StoredPosition;

    public override long ContentBytes => bytes.Position;

    /// <summary>Whether the input cannot be shared out.</summary>
    protected virtual bool IsWhole => false;

    /// <summary>The records of the input.</summary>
    protected RecordSplitter Lines { get; } = records;

    /// <summary>The current line, once <see cref="CheckLine"/> has passed it.</summary>
    protected ReadOnlySpan<byte> Line => replacement ?? Lines.Line;

    /// <summary>What <see cref="TextRecord.Replaced"/> says of the current line.</summary>
    protected bool? Replaced => replaceInvalid ? replacement is not null : null;

    /// <summary>The input, as the user named it.</summary>
    protected string Source { get; } = source;

    /// <summary>Where the current line begins.</summary>
    protected RecordPlace Place => new(Source, Lines.Number, Lines.Offset);

    /// <summary>Whether records can be read from somewhere in the middle.</summary>
    public bool CanGoTo => !IsWhole && !bytes.IsCompressed;

    /// <summary>Goes to where an index says that a record has ended, if it can.</summary>
    /// <param name="place">The place.</param>
    /// <param name="from">An offset before it, which the digest stands at.</param>
    /// <param name="number">Number of the next record.</param>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public virtual void GoTo(in IndexPlace place, long from, long number)
    {
        bytes.GoTo(from, place.Offset);
        (Lines as LineReader)?.GoTo(place.Line, place.BehindReturn);
        Number = number;
    }

    public override void Dispose() => bytes.Dispose();

    /// <summary>Why the current line is no record in any format, or null.</summary>
    protected string? CheckLine()
    {
        replacement = null;
        if (RecordErrors.OfLine(Lines) is not { } error)
            return null;
        if (Lines.TooLong || !replaceInvalid)
            return error;
        replacement = InvalidUtf8.Replace(Lines.Line);
        return null;
    }

    /// <summary>
    /// Where a byte of <see cref="Line"/> stands in the line as the input has it; the same where bytes were replaced.
    /// </summary>
    protected long EncodedPlace(long at) =>
        replacement is not null || Lines.TooLong ? at : Lines.EncodedLength((int)Math.Min(at, Lines.Line.Length));

    /// <summary>The current line, as it was read, as a record that cannot be scored.</summary>
    protected TextRecord Reject(long number, RecordId id, string error) => new()
    {
        Number = number,
        Id = id,
        Place = Place,
        Error = error,
        Raw = Lines.Raw,
    };
}
