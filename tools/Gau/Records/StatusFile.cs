using System.Text;
using System.Text.Json;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Records;

/// <summary>A small file that says how a run goes, rewritten whole every time, for whoever supervises it.</summary>
/// <param name="path">Where it is.</param>
/// <param name="progress">The figures; null for a run that never came so far.</param>
/// <param name="shard">Which share it is of, or null.</param>
internal sealed class StatusFile(string path, RunProgress? progress, string? shard)
{
    private const int Longest = 1 << 16;   // of what is looked at
    private static readonly string[] Start = ["state", "updated", "host", "pid"];

    /// <summary>Sees that the file can be made, before the work.</summary>
    /// <exception cref="ScoringException">It cannot.</exception>
    public static void Require(string path)
    {
        using OutputFile file = OutputFile.Create(path, replace: true);
    }

    /// <summary>Whether a file is none or an empty one, or an earlier status.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool IsFree(string path)
    {
        if (!File.Exists(path))
            return true;
        if (OutputFile.IsDevice(path))
            return false;
        if (new FileInfo(path).Length is var length && length is 0 or > Longest)
            return length == 0;
        try
        {
            using JsonDocument status = JsonDocument.Parse(File.ReadAllBytes(path));
            return status.RootElement.EnumerateObject().Take(Start.Length).Select(member => member.Name)
                .SequenceEqual(Start);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Says that the run begins.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="ScoringException">It cannot be made.</exception>
    public void Begin() => Write("running");

    /// <summary>Says how far the run is.</summary>
    public void GoOn() => TryWrite("running");

    /// <summary>Says how the run ended: null, or the fault.</summary>
    public void End(Exception? fault) => TryWrite(
        fault switch
        {
            null => "finished",
            OperationCanceledException => "stopped",
            _ => "failed",
        },
        fault switch
        {
            null or OperationCanceledException => null,
            ScoringException scoring => Failure.Line(ScoringFaults.Of(scoring)),
            _ => Failure.Line(fault),
        });

    // A run of hours does not end because somebody's status cannot be written for a moment.
    private void TryWrite(string state, string? error = null)
    {
        try
        {
            Write(state, error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ScoringException)
        {
        }
    }

    private void Write(string state, string? error = null)
    {
        string text = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("state"u8, state);
            json.WriteString("updated"u8, DateTimeOffset.UtcNow);
            json.WriteString("host"u8, Environment.MachineName);
            json.WriteNumber("pid"u8, Environment.ProcessId);
            if (shard is not null)
                json.WriteString("shard"u8, shard);
            progress?.WriteFigures(json);
            if (error is not null)
                json.WriteString("error"u8, error);
            json.WriteEndObject();
        });
        using OutputFile file = OutputFile.Create(path, replace: true);
        file.Stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
        file.Commit();
    }
}
