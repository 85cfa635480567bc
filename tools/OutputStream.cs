namespace GauRuntime.Tools;

/// <summary>Standard output, whose limit of size is an error of writing, as a full disk is.</summary>
/// <remarks>.NET takes EFBIG, which the system's limit for files gives, for a wrong argument.</remarks>
internal sealed class OutputStream(Stream inner) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new IOException("File too large", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
