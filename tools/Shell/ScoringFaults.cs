using GauRuntime.Scoring;
using GauRuntime.Weights;

namespace GauRuntime.Tools.Shell;

/// <summary>Exit codes of what <see cref="Scoring"/> refuses.</summary>
internal static class ScoringFaults
{
    /// <summary>The same failure as a program reports it, its file named first.</summary>
    public static ToolException Of(ScoringException fault) => new(
        fault.Fault switch
        {
            ScoringFault.Usage => ExitCode.Usage,
            ScoringFault.TooManyRejects => ExitCode.TooManyRejects,
            ScoringFault.Mismatch => ExitCode.Mismatch,
            ScoringFault.Busy => ExitCode.Busy,
            _ => ExitCode.CannotCreate,
        },
        fault.File is null ? fault.Message : $"{Printable.OneLine(fault.File)}: {fault.Message}",
        fault.File);
}
