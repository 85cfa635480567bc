using System.Globalization;
using System.Text.Json;
using GauRuntime.Tools;

namespace GauRuntime.Train.Pretraining;

/// <summary>How a training goes, in figures for people and programs.</summary>
/// <param name="clock">Measures, and decides nothing.</param>
/// <param name="total">Updates of the whole run.</param>
/// <param name="begun">Updates that earlier attempts made.</param>
internal sealed class TrainingMeter(TimeProvider clock, long total, long begun)
{
    private readonly long start = clock.GetTimestamp();
    private double loss, accuracy;
    private long since, tokens, made;

    /// <summary>Updates of the whole run.</summary>
    public long Total => total;

    /// <summary>Updates so far.</summary>
    public long Updates => begun + made;

    private double Seconds => Math.Max(clock.GetElapsedTime(start).TotalSeconds, 1e-6);

    private double Rate => tokens / Seconds;

    private double SecondsLeft => made == 0 ? 0 : Seconds / made * (total - Updates);

    /// <summary>Takes an update in.</summary>
    public void Add(UpdateResult update)
    {
        made++;
        since++;
        loss += update.Loss;
        accuracy += update.Accuracy;
        tokens += update.Tokens;
    }

    /// <summary>Begins new means of loss and accuracy: they were told.</summary>
    public void Told() => (loss, accuracy, since) = (0, 0, 0);

    /// <summary>Loss, accuracy, rate and the time left.</summary>
    public string Words() => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {loss / Math.Max(since, 1):F3}, accuracy {Percent.Of(accuracy / Math.Max(since, 1), "0.0")}, "
        + $"{Rate:0} tokens/s, {Duration.Of(SecondsLeft)} left");

    /// <summary>All of it as a line, where there is no bar.</summary>
    public string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"gau-train: {100.0 * Updates / total:0} %, update {Updates} of {total}, {Words()}");

    /// <summary>Writes the figures as properties.</summary>
    public void WriteFigures(Utf8JsonWriter json)
    {
        json.WriteNumber("update"u8, Updates);
        json.WriteNumber("updates"u8, total);
        json.WriteNumber("loss"u8, Math.Round(loss / Math.Max(since, 1), 5));
        json.WriteNumber("accuracy"u8, Math.Round(accuracy / Math.Max(since, 1), 5));
        json.WriteNumber("tokens_per_second"u8, Math.Round(Rate, 1));
        json.WriteNumber("seconds_left"u8, Math.Round(SecondsLeft, 1));
    }
}
