using System.Runtime.InteropServices;

namespace GauRuntime.Tools;

/// <summary>Writes to an open descriptor of a Unix system, and needs no other for it.</summary>
/// <remarks>
/// The console's stream sets up a terminal with its first byte, which takes descriptors: with none left, nothing could
/// be said of that. And FileStream fails where a pipe is full that another process has set not to wait.
/// </remarks>
/// <param name="descriptor">The descriptor; it is not closed.</param>
internal sealed partial class DescriptorStream(int descriptor) : WriteOnlyStream
{
    private const int Interrupted = 4;   // EINTR, the same everywhere
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;   // EAGAIN: the pipe is full
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <exception cref="IOException">It cannot be written.</exception>
    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint written;
            fixed (byte* bytes = buffer)
                written = Write(descriptor, bytes, buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else if (Marshal.GetLastPInvokeError() is var error && error == TryAgain)
                Thread.Sleep(Pause);
            else if (error != Interrupted)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int descriptor, byte* bytes, nint count);
}
