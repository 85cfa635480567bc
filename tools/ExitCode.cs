namespace GauRuntime.Tools;

/// <summary>Exit codes of <c>gau</c> and <c>gau-convert</c>; most are those of BSD's sysexits.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Usage = 2;
    public const int TooManyRejects = 3;
    public const int MalformedInput = 65;
    public const int InputMissing = 66;
    public const int Unsupported = 69;
    public const int Internal = 70;
    public const int CannotCreate = 73;
    public const int InputOutput = 74;
    public const int Mismatch = 78;
    public const int Interrupted = 130;
    public const int PipeClosed = 141;
    public const int Terminated = 143;
}
