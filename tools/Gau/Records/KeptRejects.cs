using System.Buffers;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Records;

/// <summary>Rejected records of what ends early, which is when they are wanted.</summary>
internal static class KeptRejects
{
    /// <summary>Whether they may tell why it ended, or a signal ended it.</summary>
    public static bool MayTell(Exception fault) => fault is OperationCanceledException or GauFormatException
        or ScoringException { Fault: ScoringFault.TooManyRejects } or ToolException { Code: ExitCode.TooManyRejects };

    /// <summary>Gives their file its name. That it cannot be kept is a note, and not why the run ends.</summary>
    /// <param name="file">The file.</param>
    /// <param name="more">Records that are not in it yet.</param>
    /// <param name="host">Where the note goes.</param>
    /// <param name="json">Whether to a program.</param>
    public static void Keep(OutputFile file, IReadOnlyList<RejectedRecord> more, CommandHost host, bool json)
    {
        try
        {
            ArrayBufferWriter<byte> line = new();
            foreach (RejectedRecord rejected in more)
            {
                line.ResetWrittenCount();
                RejectLine.Write(rejected.Record, rejected.Error, line);
                file.Stream.Write(line.WrittenSpan);
            }
            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ScoringException)
        {
            host.Note($"the rejected records are lost: {e.Message}", json);
        }
    }
}
