namespace GauRuntime.Scoring.Records;

/// <summary>
/// Reads the records of one input in order. Only a lost structure stops it; a bad record is a record with an error.
/// </summary>
internal abstract class RecordReader(long firstNumber) : IDisposable
{
    /// <summary>Number of the next record.</summary>
    public long Number { get; protected set; } = firstNumber;

    /// <summary>
    /// Where the next record begins, in bytes of the input; never decreases. A record belongs to the shard that this
    /// byte belongs to.
    /// </summary>
    /// <remarks>All records of a compressed input begin at its first byte: it cannot be shared out.</remarks>
    public abstract long Position { get; }

    /// <summary>How many bytes of the input have been read, or stepped over.</summary>
    public abstract long BytesRead { get; }

    /// <summary>How many bytes of the content have been read, decompressed.</summary>
    public abstract long ContentBytes { get; }

    /// <summary>What should be known of the records read so far, or null.</summary>
    public virtual string? Note => null;

    /// <summary>The next record, or null at the end.</summary>
    /// <exception cref="Weights.GauFormatException">The rest of the input cannot be split into records.</exception>
    public TextRecord? Read() => Advance() ? Current(Number++) : null;

    /// <summary>Steps over the next record without looking into it.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="Weights.GauFormatException">The rest of the input cannot be split into records.</exception>
    public bool Skip()
    {
        bool advanced = Advance();
        Number += advanced ? 1 : 0;
        return advanced;
    }

    /// <summary>Steps over the next record and those behind it that begin at the same <see cref="Position"/>.</summary>
    /// <param name="most">So many at most, at least 1; it may be fewer than there are.</param>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="Weights.GauFormatException">The rest of the input cannot be split into records.</exception>
    public virtual long SkipAlike(long most) => Skip() ? 1 : 0;

    public abstract void Dispose();

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end.</returns>
    protected abstract bool Advance();

    /// <summary>The record that <see cref="Advance"/> went to.</summary>
    protected abstract TextRecord Current(long number);
}
