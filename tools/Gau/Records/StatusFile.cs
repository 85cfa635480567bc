using System.Text;
using System.Text.Json;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>A small file that says how a run goes, rewritten whole every time, for whoever supervises it.</summary>
internal sealed class StatusFile(string path, RunProgress progress, string? shard)
{
    /// <summary>Sees that the file can be made, before the work.</summary>
    /// <exception cref="ScoringException">It cannot.</exception>
    public static void Require(string path)
    {
        using OutputFile file = OutputFile.Create(path, replace: true);
    }

    /// <summary>Rewrites the file.</summary>
    /// <param name="state"><c>running</c>, <c>finished</c>, <c>stopped</c> or <c>failed</c>.</param>
    /// <param name="error">Why it failed.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="ScoringException">It cannot be made.</exception>
    public void Write(string state, string? error = null)
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
            progress.WriteFigures(json);
            if (error is not null)
                json.WriteString("error"u8, error);
            json.WriteEndObject();
        });
        using OutputFile file = OutputFile.Create(path, replace: true);
        file.Stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
        file.Commit();
    }
}
