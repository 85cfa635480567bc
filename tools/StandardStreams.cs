using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Tools;

/// <summary>The process's standard streams, with the faults that the console classes hide.</summary>
internal static class StandardStreams
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC, 02000000 in /proc/self/fdinfo

    /// <exception cref="ToolException">It was closed when the process started.</exception>
    public static Stream OpenInput() => IsOurs(0)
        ? Console.OpenStandardInput()
        : throw new ToolException(ExitCode.InputMissing, "standard input is closed");

    /// <summary>Refuses to go on where there is no standard output.</summary>
    /// <exception cref="ToolException">It was closed when the process started.</exception>
    public static void RequireOutput()
    {
        if (!IsOurs(1))
            throw new ToolException(ExitCode.InputOutput, "standard output is closed");
    }

    /// <summary>Standard output that reports a closed pipe.</summary>
    /// <remarks>
    /// The console's stream swallows it. A FileStream reports it, but would write to a plain file at its own offset,
    /// past what other processes append through the same descriptor, so files stay with the console's stream.
    /// </remarks>
    /// <exception cref="ToolException">It was closed when the process started.</exception>
    public static Stream OpenOutput()
    {
        RequireOutput();
        FileStream stream = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    /// <summary>Standard error, or nothing where it was closed; never fails, not even on a full disk.</summary>
    public static TextWriter OpenError() => IsOurs(2)
        ? new StreamWriter(
            new LossyStream(OpenErrorStream()), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
        }
        : TextWriter.Null;

    private static Stream OpenErrorStream()
    {
        try
        {
            return Console.OpenStandardError();
        }
        catch (IOException)
        {
            // The console's is a copy, for which there is no descriptor left.
            return new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        }
    }

    // A descriptor that was closed at the start may since have become a file of the runtime's own. Those close on exec;
    // what a parent process hands down cannot.
    private static bool IsOurs(int descriptor)
    {
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
}
