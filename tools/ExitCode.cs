namespace GauRuntime.Tools;

/// <summary>Exit codes of <c>gau</c>, <c>gau-convert</c> and <c>gau-train</c>; most are BSD's sysexits.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Usage = 2;
    public const int TooManyRejects = 3;
    public const int Diverged = 3;   // of gau-train: as above, the run went well and what came of it is no result
    public const int MalformedInput = 65;
    public const int InputMissing = 66;
    public const int Unsupported = 69;
    public const int Internal = 70;
    public const int CannotCreate = 73;
    public const int InputOutput = 74;
    public const int Busy = 75;
    public const int Mismatch = 78;
    public const int Interrupted = 130;
    public const int PipeClosed = 141;
    public const int Terminated = 143;

    /// <summary>All of them, with what they mean to a user.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Ok, "done; rejected records are counted in the summary"),
        (Usage, "the command line, or a model that cannot do what was asked"),
        (TooManyRejects, "more rejects than --max-rejects, or no record of the inputs gave a result"),
        (MalformedInput, "a malformed model, checkpoint, input or result; the message names file and place"),
        (InputMissing, "an input is missing or may not be read"),
        (Unsupported, "GAU_ISA asks for what this machine lacks, or the system refuses memory, threads or files"),
        (Internal, "internal error; verify: other bits than the file's maker saw"),
        (CannotCreate, "an output exists or cannot be created"),
        (InputOutput, "reading or writing failed: disk full, closed stdout"),
        (Busy, "another process is at the same output"),
        (Mismatch, "what is there belongs to another job; compare: the files differ by more than --tolerance"),
        (Interrupted, "ended by Ctrl-C"),
        (PipeClosed, "the reader of stdout closed the pipe"),
        (Terminated, "ended by SIGTERM or SIGHUP"),
    ];
}
