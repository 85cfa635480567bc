using System.Runtime.InteropServices;
using System.Text;
using GauRuntime.Weights.Files;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Tools;

/// <summary>The process's standard streams, with the faults that the console classes hide.</summary>
internal static partial class StandardStreams
{
    public const int Input = 0, Output = 1, Error = 2;

    private const int CloseOnExec = 0x80000; // O_CLOEXEC, 02000000 in /proc/self/fdinfo

    /// <exception cref="ToolException">It was closed when the process started.</exception>
    public static Stream OpenInput() => IsOurs(Input)
        ? Console.OpenStandardInput()
        : throw new ToolException(ExitCode.InputMissing, "standard input is closed");

    /// <summary>Refuses to go on where there is no standard output.</summary>
    /// <exception cref="ToolException">It was closed when the process started.</exception>
    public static void RequireOutput()
    {
        if (!IsOurs(Output))
            throw new ToolException(ExitCode.InputOutput, "standard output is closed");
    }

    /// <summary>Standard output that reports a closed pipe.</summary>
    /// <remarks>
    /// The console's stream swallows it, and a FileStream would write to a plain file at its own offset, past what
    /// other processes append through the same descriptor. So files stay with the console's stream.
    /// </remarks>
    /// <exception cref="ToolException">It was closed when the process started.</exception>
    public static Stream OpenOutput()
    {
        RequireOutput();
        SafeFileHandle handle = Handle(Output);
        // On Windows the console must be written by its own stream, and so may all be that is no pipe.
        if (OperatingSystem.IsWindows() && GetFileType(handle) != Pipe)
            return Console.OpenStandardOutput();
        FileStream stream = new(handle, FileAccess.Write, bufferSize: 0);
        return new OutputStream(
            stream.CanSeek ? Console.OpenStandardOutput()
            : OperatingSystem.IsWindows() ? stream
            : new DescriptorStream(Output));
    }

    /// <summary>The file that a stream is; null where it is not a file, or was closed.</summary>
    public static FileIdentity? FileOf(int descriptor) =>
        IsOurs(descriptor) ? FileIdentity.Of(Handle(descriptor)) : null;

    /// <summary>
    /// What throws where standard input is a file that was changed since now; nothing where it is no file.
    /// </summary>
    public static Action? WatchInput()
    {
        SafeFileHandle handle = Handle(Input);
        return IsOurs(Input) && FileStamp.Of(handle) is { } stamp
            ? () => stamp.Require(handle, "standard input")
            : null;
    }

    /// <summary>Lets the console of Windows show what is written; others do.</summary>
    public static void UseUtf8()
    {
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }

    /// <summary>Standard error, or nothing where it was closed; never fails, not even on a full disk.</summary>
    public static TextWriter OpenError() => IsOurs(Error)
        ? new StreamWriter(
            new LossyStream(OperatingSystem.IsWindows() ? Console.OpenStandardError() : new DescriptorStream(Error)),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
        }
        : TextWriter.Null;

    // A descriptor that was closed at the start may since have become a file of the runtime's own. Those close on exec;
    // what a parent process hands down cannot.
    private static bool IsOurs(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return !Handle(descriptor).IsInvalid;
        if (!OperatingSystem.IsLinux())
            return true;
        try
        {
            foreach (string line in File.ReadLines($"/proc/self/fdinfo/{descriptor}"))
            {
                if (line.StartsWith("flags:", StringComparison.Ordinal))
                    return (System.Convert.ToInt32(line["flags:".Length..].Trim(), 8) & CloseOnExec) == 0;
            }
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return true; // no /proc here: nothing can be told
        }
    }

    // Elsewhere a descriptor is a handle; Windows has others, and numbers them from -10 down.
    private static SafeFileHandle Handle(int descriptor) =>
        new(OperatingSystem.IsWindows() ? GetStdHandle(-10 - descriptor) : descriptor, ownsHandle: false);

    private const uint Pipe = 3;

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int stream);

    [LibraryImport("kernel32")]
    private static partial uint GetFileType(SafeFileHandle handle);
}
