namespace GauRuntime.Weights.Files;

/// <summary>A file to write, whose limit of size is an error of writing, as a full disk is.</summary>
/// <remarks>.NET takes EFBIG, which the system's limit for files gives, for a wrong argument.</remarks>
internal sealed class LimitedFileStream(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize)
    : FileStream(path, mode, access, share, bufferSize)
{
    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            base.Write(buffer);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            base.Write(buffer, offset, count);
        }
        catch (ArgumentOutOfRangeException e) when (buffer is not null && offset >= 0 && count >= 0)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override void Flush(bool flushToDisk)
    {
        try
        {
            base.Flush(flushToDisk);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override void SetLength(long value)
    {
        try
        {
            base.SetLength(value);
        }
        catch (ArgumentOutOfRangeException e) when (value >= 0)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        try
        {
            base.Dispose(disposing);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    private IOException TooLarge(Exception e) => new($"File too large : '{Name}'", e);
}
