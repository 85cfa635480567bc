using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Tools;
using GauRuntime.Train.Finetuning;
using GauRuntime.Weights;

namespace GauRuntime.Train.Commands;

/// <summary>What a command tells of a run: lines for people on standard error, or events as JSON.</summary>
/// <param name="streams">Where to.</param>
/// <param name="json">Whether they are JSON: an object with one member, the event's name.</param>
internal sealed class TrainingNotes(CommandStreams streams, bool json)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);   // between two lines of progress

    private readonly Stopwatch sinceLast = Stopwatch.StartNew();

    /// <summary>Something worth knowing.</summary>
    public void Note(string line) => streams.Note(Printable.OneLine(line), json);

    /// <summary>How far a run is; not every time.</summary>
    /// <param name="done">The share that is done.</param>
    /// <param name="loss">Of the last update.</param>
    public void Progress(double done, double loss)
    {
        if (!IsTime())
            return;
        if (json)
            Event("progress", writer =>
            {
                writer.WriteNumber("done", done);
                writer.WriteNumber("loss", loss);
            });
        else
            streams.Error.WriteLine($"{Percent.Of(done, "0")} done, loss {Number(loss)}");
    }

    /// <summary>How many features there are; not every time. By one thread at a time.</summary>
    public void Features(int done, int total)
    {
        if (!IsTime())
            return;
        if (json)
            Event("features", writer =>
            {
                writer.WriteNumber("done", done);
                writer.WriteNumber("total", total);
            });
        else
            streams.Error.WriteLine($"features of {done} of {total} records");
    }

    /// <summary>How an epoch went.</summary>
    public void Epoch(EpochReport epoch, int epochs)
    {
        Measure measure = epoch.Dev.Measures[0];
        if (json)
            Event("epoch", writer =>
            {
                writer.WriteNumber("epoch", epoch.Epoch);
                writer.WriteNumber("loss", epoch.Loss);
                WriteMeasures(writer, epoch.Dev);
                writer.WriteBoolean("best", epoch.IsBest);
                writer.WriteNumber("seconds", Math.Round(epoch.Seconds, 3));
            });
        else
            streams.Error.WriteLine(
                $"epoch {epoch.Epoch} of {epochs}: loss {Number(epoch.Loss)}, dev {measure.Name.Replace('_', ' ')} "
                + $"{DevScore.Shown(measure)}, {epoch.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s"
                + (epoch.IsBest ? ", the best so far" : ""));
    }

    /// <summary>What a run ended with, on standard output.</summary>
    public void Result(string folder, HeadEvaluation dev, IReadOnlyList<(string What, string Value)> more)
    {
        if (json)
        {
            streams.Output.WriteLine(JsonText.Of(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("output", folder);
                foreach ((string what, string value) in more)
                    writer.WriteString(what.Replace(' ', '_'), value);
                writer.WriteNumber("dev_records", dev.Count);
                WriteMeasures(writer, dev);
                writer.WriteEndObject();
            }));
            return;
        }
        IEnumerable<(string What, string Value)> rows =
            [.. more, ("dev records", $"{dev.Count}"), .. DevScore.Shown(dev), ("checkpoint", folder)];
        foreach ((string what, string value) in rows)
            streams.Output.WriteLine($"{what,-18}  {Printable.OneLine(value)}");
    }

    private bool IsTime()
    {
        if (sinceLast.Elapsed < Pause)
            return false;
        sinceLast.Restart();
        return true;
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static void WriteMeasures(Utf8JsonWriter writer, HeadEvaluation dev)
    {
        writer.WriteStartObject("metrics");
        foreach (Measure measure in dev.Measures)
            if (measure.Value is { } value)
                writer.WriteNumber(measure.Name, value);
        writer.WriteEndObject();
    }

    private void Event(string name, Action<Utf8JsonWriter> write) => streams.Error.WriteLine(JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject(name);
        write(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }));
}
