using System.Runtime.InteropServices;

namespace GauRuntime.Weights.Files;

/// <summary>Gives files other names, and with them no other file's unless that is wanted.</summary>
internal static partial class FileMove
{
    private const int Exists = 17;   // EEXIST, the same everywhere
    private const int WindowsFileExists = unchecked((int)0x80070050);
    private const int WindowsAlreadyExists = unchecked((int)0x800700B7);

    /// <summary>Gives a file another name, in the same folder or file system.</summary>
    /// <remarks>
    /// .NET looks whether the name is taken and renames then, which on Unix replaces what came between. A link fails
    /// where the name is taken, so of two processes one gets it; only where the file system has no links it is as .NET
    /// does it. A process that ends in between leaves both names to the file.
    /// </remarks>
    /// <param name="from">The file.</param>
    /// <param name="to">The name.</param>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The name is taken, or the disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void To(string from, string to, bool replace)
    {
        if (!replace && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) && TryLink(from, to))
            File.Delete(from);
        else
            File.Move(from, to, replace);   // which also tells what is wrong, if something is
    }

    /// <summary>Whether a name was not given because another file has it.</summary>
    public static bool IsTaken(IOException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.HResult is Exists or WindowsFileExists or WindowsAlreadyExists;
    }

    private static bool TryLink(string from, string to)
    {
        if (Link(from, to) == 0)
            return true;
        if (Marshal.GetLastPInvokeError() == Exists)
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(Exists)} : '{to}'", Exists);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
