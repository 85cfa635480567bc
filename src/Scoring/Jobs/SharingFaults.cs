namespace GauRuntime.Scoring.Jobs;

/// <summary>Tells a file that another process holds from other faults of opening it.</summary>
internal static class SharingFaults
{
    private const int LinuxWouldBlock = 11;                               // EWOULDBLOCK
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>A fault that tells that another process holds a file.</summary>
    public static IOException Held(string path) => new(
        $"{path} is held by another process",
        OperatingSystem.IsWindows() ? WindowsSharingViolation
        : OperatingSystem.IsLinux() ? LinuxWouldBlock
        : MacWouldBlock);

    public static bool IsHeld(Exception fault) =>
        fault is IOException && fault.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation;
}
