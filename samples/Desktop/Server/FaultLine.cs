using GauRuntime.Scoring;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Server;

/// <summary>What went wrong, as one line that the window shows.</summary>
internal static class FaultLine
{
    // What gau says of the files of a job that cannot go on; in the window a job is removed and begun anew.
    private const string OfTheTerminal = "; --force starts";

    public static string Of(Exception fault)
    {
        string line = Told(fault);
        int at = line.IndexOf(OfTheTerminal, StringComparison.Ordinal);
        return at >= 0 || fault is ScoringException { Fault: ScoringFault.Mismatch }
            ? (at < 0 ? line : line[..at]) + "; put back what has changed, or remove this table and open its file anew"
            : line;
    }

    private static string Told(Exception fault) => fault switch
    {
        ApiFault or GauTextException => Printable.OneLine(fault.Message),
        OperationCanceledException => "cancelled",
        ScoringException { File: { } file } => Printable.OneLine($"{Path.GetFileName(file)}: {fault.Message}"),
        ScoringException => Printable.OneLine(fault.Message),
        _ => Failure.Line(fault),
    };
}
