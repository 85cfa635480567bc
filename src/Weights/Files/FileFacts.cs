using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Weights.Files;

/// <summary>What the file system knows of a file: which one it is, and when its content was changed.</summary>
/// <param name="Volume">The device it lies on; 0 where the system does not tell.</param>
/// <param name="Number">Its number there, the same for all names of a file; 0 where the system does not tell.</param>
/// <param name="IsFolder">Whether it is a folder; all else is a regular file.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="Modified">
/// When its content was changed, in units of 100 ns since 1970, UTC: the same however it was asked for.
/// </param>
internal readonly partial record struct FileFacts(
    ulong Volume, ulong Number, bool IsFolder, long Length, Int128 Modified)
{
    private const int Failed = -1;

    /// <summary>Those of a name, links followed; null where nothing is there, or a pipe or a device.</summary>
    public static FileFacts? Of(string path)
    {
        if (OperatingSystem.IsLinux() && TryStatx(WorkingFolder, path, 0, out FileFacts? told))
            return told;
        if (!OperatingSystem.IsWindows())
            return OfInfo(path);
        using SafeFileHandle handle = CreateFile(path, 0, ShareAll, 0, OpenExisting, FoldersToo, 0);
        return handle.IsInvalid ? null : Of(handle);
    }

    /// <summary>Those of an open file; null where it is a pipe or a device.</summary>
    public static FileFacts? Of(SafeFileHandle handle)
    {
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            if (OperatingSystem.IsLinux()
                && TryStatx((int)handle.DangerousGetHandle(), "", EmptyPath, out FileFacts? told))
                return told;
        }
        finally
        {
            if (isHeld)
                handle.DangerousRelease();
        }
        if (!OperatingSystem.IsWindows())
            return OfInfo(handle);
        if (GetFileType(handle) != DiskFile || !GetFileInformationByHandle(handle, out WindowsFacts facts))
            return null;
        return new FileFacts(
            facts.Volume, Long(facts.NumberHigh, facts.NumberLow),
            (facts.Attributes & (uint)FileAttributes.Directory) != 0,
            (long)Long(facts.LengthHigh, facts.LengthLow),
            (Int128)Long(facts.WrittenHigh, facts.WrittenLow) - TicksFrom1601To1970);
    }

    // False where there is no such call, as in a C library of before 2018, or it is forbidden.
    private static unsafe bool TryStatx(int folder, string path, int flags, out FileFacts? told)
    {
        told = null;
        LinuxFacts facts;
        try
        {
            if (Statx(folder, path, flags, BasicFacts, &facts) == Failed)
                return Marshal.GetLastPInvokeError() is NoEntry or NoFolder or NoAccess or LinksInACircle;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        int kind = facts.Mode & KindMask;
        if (kind is Folder or Regular)
            told = new FileFacts(
                (ulong)facts.DeviceMajor << 32 | facts.DeviceMinor, facts.Number, kind == Folder, (long)facts.Length,
                (Int128)facts.ModifiedSeconds * TimeSpan.TicksPerSecond
                    + facts.ModifiedNanoseconds / TimeSpan.NanosecondsPerTick);
        return true;
    }

    /// <summary>What .NET tells of a name.</summary>
    internal static FileFacts? OfInfo(string path)
    {
        if (Directory.Exists(path))
            return new FileFacts(0, 0, true, 0, 0);
        FileInfo file = new(path);
        if (file.LinkTarget is not null)
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file.Exists ? new FileFacts(0, 0, false, file.Length, Since1970(file.LastWriteTimeUtc)) : null;
    }

    /// <summary>What .NET tells of an open file: the same as of its name.</summary>
    internal static FileFacts? OfInfo(SafeFileHandle handle)
    {
        try
        {
            return new FileFacts(
                0, 0, false, RandomAccess.GetLength(handle), Since1970(File.GetLastWriteTimeUtc(handle)));
        }
        catch (NotSupportedException)
        {
            return null;   // a pipe
        }
    }

    private static long Since1970(DateTime time) => (time - DateTime.UnixEpoch).Ticks;

    private static ulong Long(uint high, uint low) => (ulong)high << 32 | low;

    private const int WorkingFolder = -100, EmptyPath = 0x1000;   // AT_FDCWD, AT_EMPTY_PATH
    // ENOENT, ENOTDIR, EACCES, ELOOP.
    private const int NoEntry = 2, NoFolder = 20, NoAccess = 13, LinksInACircle = 40;
    private const uint BasicFacts = 0x7ff;                         // STATX_BASIC_STATS
    private const int KindMask = 0xf000, Folder = 0x4000, Regular = 0x8000;
    private const uint ShareAll = 7, OpenExisting = 3, FoldersToo = 0x02000000;   // FILE_FLAG_BACKUP_SEMANTICS
    private const uint DiskFile = 1;
    private const long TicksFrom1601To1970 = 116_444_736_000_000_000;

    // struct statx, the same on every processor.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct LinuxFacts
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Number;
        [FieldOffset(40)] public ulong Length;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }

    // BY_HANDLE_FILE_INFORMATION.
    [StructLayout(LayoutKind.Explicit, Size = 52)]
    private struct WindowsFacts
    {
        [FieldOffset(0)] public uint Attributes;
        [FieldOffset(20)] public uint WrittenLow;
        [FieldOffset(24)] public uint WrittenHigh;
        [FieldOffset(28)] public uint Volume;
        [FieldOffset(32)] public uint LengthHigh;
        [FieldOffset(36)] public uint LengthLow;
        [FieldOffset(44)] public uint NumberHigh;
        [FieldOffset(48)] public uint NumberLow;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, LinuxFacts* facts);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(
        string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "GetFileType")]
    private static partial uint GetFileType(SafeFileHandle handle);

    [LibraryImport("kernel32", EntryPoint = "GetFileInformationByHandle")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle handle, out WindowsFacts facts);
}
