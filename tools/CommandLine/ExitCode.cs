namespace GauRuntime.CommandLine;

/// <summary>Exit codes of every command, after sysexits so that schedulers can tell what is worth a retry.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Usage = 2;
    public const int TooManyRejects = 3;
    public const int Malformed = 65;
    public const int InputMissing = 66;
    public const int Unsupported = 69;
    public const int Internal = 70;
    public const int CannotCreate = 73;
    public const int InputOutput = 74;
    public const int Interrupted = 130;
    public const int ClosedPipe = 141;
    public const int Terminated = 143;
}
