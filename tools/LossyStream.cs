namespace GauRuntime.Tools;

/// <summary>Writes what can be written and loses the rest: for what is told of the work, never for results.</summary>
/// <remarks>A full disk under stderr, or a terminal that is gone, must not end a run nor change how it ends.</remarks>
internal sealed class LossyStream(Stream inner) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
#pragma warning disable CA1031 // Whatever it is, there is nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
