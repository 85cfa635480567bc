using GauRuntime.Scoring;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Server;

/// <summary>What went wrong, as one line that the window shows.</summary>
internal static class FaultLine
{
    public static string Of(Exception fault) => fault switch
    {
        ApiFault or GauTextException => Printable.OneLine(fault.Message),
        OperationCanceledException => "cancelled",
        ScoringException { File: { } file } => Printable.OneLine($"{Path.GetFileName(file)}: {fault.Message}"),
        ScoringException => Printable.OneLine(fault.Message),
        _ => Failure.Line(fault),
    };
}
