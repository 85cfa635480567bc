using System.Globalization;
using System.Text.Json;
using GauRuntime.Tools;
using GauRuntime.Weights;
using Spectre.Console;

namespace GauRuntime.Train.Pretraining;

/// <summary>
/// What a pretraining tells while it goes on, on standard error: a bar on a terminal, else a line now and then; with
/// <c>--json</c> events, one a line.
/// </summary>
/// <param name="error">Standard error.</param>
/// <param name="json">Whether events are told.</param>
/// <param name="terminal">Whether standard error is a terminal.</param>
/// <param name="clock">Says when the next line is due.</param>
internal sealed class PretrainMessages(TextWriter error, bool json, bool terminal, TimeProvider clock)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30), EventInterval = TimeSpan.FromSeconds(10);

    private const int WordsWidth = 75;   // columns of what stands beside the bar

    private long told = clock.GetTimestamp();
    private IAnsiConsole? console;
    private ProgressTask? bar;
    private Action? refresh;

    /// <summary>Something worth knowing.</summary>
    public void Note(string text) => Tell("note", writer => writer.WriteStringValue(text), $"note: {text}");

    /// <summary>An event: an object under its name, or a line; null: no line.</summary>
    public void Event(string name, string? line, Action<Utf8JsonWriter> write)
    {
        if (json || line is not null)
            Tell(
                name, writer =>
                {
                    writer.WriteStartObject();
                    write(writer);
                    writer.WriteEndObject();
                }, line ?? "");
    }

    /// <summary>A point of the curve.</summary>
    public void Evaluated(CurvePoint point, long total)
    {
        string heldOut = point.HeldOutLoss is { } loss
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; held out: loss {loss:F3}, accuracy {Percent.Of(point.HeldOutAccuracy!.Value, "0.0")}")
            : "";
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"update {point.Update} of {total}: loss {point.Loss:F3}, accuracy {Percent.Of(point.Accuracy, "0.0")}");
        Event("evaluated", line + heldOut, writer =>
        {
            writer.WriteNumber("update"u8, point.Update);
            writer.WriteNumber("epoch"u8, point.Epoch);
            writer.WriteNumber("tokens"u8, point.Tokens);
            writer.WriteNumber("rate"u8, point.Rate);
            writer.WriteNumber("loss"u8, point.Loss);
            writer.WriteNumber("accuracy"u8, point.Accuracy);
            if (point.HeldOutLoss is not { } held)
                return;
            writer.WriteNumber("held_out_loss"u8, held);
            writer.WriteNumber("held_out_accuracy"u8, point.HeldOutAccuracy!.Value);
        });
    }

    /// <summary>Tells how it goes, if that is due.</summary>
    public void Progress(TrainingMeter meter)
    {
        if (bar is not null)
        {
            bar.Value = meter.Updates;
            bar.Description = Markup.Escape(meter.Words());
            refresh?.Invoke();
        }
        if (clock.GetElapsedTime(told) < (json ? EventInterval : LineInterval))
            return;
        told = clock.GetTimestamp();
        if (bar is null)
            Event("progress", meter.Line(), meter.WriteFigures);
        meter.Told();
    }

    /// <summary>Does the work, with a bar on a terminal.</summary>
    public void During(TrainingMeter meter, Action work)
    {
        if (json || !terminal)
        {
            work();
            return;
        }
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        try
        {
            console.Progress().AutoClear(true).AutoRefresh(false)   // no other thread: see BatchStream
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn { Width = Math.Clamp(console.Profile.Width - WordsWidth, 1, 40) },
                    new PercentageColumn())
                .Start(context =>
                {
                    bar = context.AddTask("training", maxValue: meter.Total);
                    bar.Value = meter.Updates;
                    refresh = context.Refresh;
                    work();
                });
        }
        finally
        {
            (console, bar, refresh) = (null, null, null);
        }
    }

    private void Tell(string name, Action<Utf8JsonWriter> write, string line)
    {
        string text = json
            ? JsonText.Of(writer =>
            {
                writer.WriteStartObject();
                writer.WritePropertyName(name);
                write(writer);
                writer.WriteEndObject();
            })
            : Printable.OneLine(line);
        if (console is { } shown)
            shown.WriteLine(text);
        else
            error.WriteLine(text);
    }
}
