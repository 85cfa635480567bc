using System.Text.Json;
using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class PretrainMessagesTests : IDisposable
{
    private readonly Ticking clock = new();
    private readonly StringWriter error = new();

    public void Dispose() => error.Dispose();

    [Fact]
    public void Progress_Log_IsALineEveryHalfMinute()
    {
        string[] lines = Run(json: false, seconds: 70);
        lines.Should().HaveCount(2);
        lines[0].Should().Be(
            "gau-train: 30 %, update 30 of 100, loss 3.000, accuracy 25.0 %, 120 tokens/s, 70 s left");
    }

    [Fact]
    public void Progress_Json_IsAnEventEveryTenSeconds()
    {
        string[] lines = Run(json: true, seconds: 35);
        lines.Should().HaveCount(3);
        JsonElement progress = JsonDocument.Parse(lines[1]).RootElement.GetProperty("progress");
        progress.GetProperty("update").GetInt64().Should().Be(20);
        progress.GetProperty("updates").GetInt64().Should().Be(100);
        progress.GetProperty("loss").GetDouble().Should().Be(3);
        progress.GetProperty("tokens_per_second").GetDouble().Should().Be(120);
        progress.GetProperty("seconds_left").GetDouble().Should().Be(80);
    }

    [Fact]
    public void Evaluated_Point_IsALineOrAnEvent()
    {
        new PretrainMessages(error, json: false, terminal: false, clock).Evaluated(TrainingCurveTests.Points[0], 20);
        error.ToString().Should().Be(
            "update 10 of 20: loss 2.667, accuracy 12.5 %; held out: loss 2.750, accuracy 10.0 %\n");
        error.GetStringBuilder().Clear();
        new PretrainMessages(error, json: true, terminal: false, clock).Evaluated(TrainingCurveTests.Points[1], 20);
        JsonElement point = JsonDocument.Parse(error.ToString()).RootElement.GetProperty("evaluated");
        point.GetProperty("update").GetInt64().Should().Be(20);
        point.TryGetProperty("held_out_loss", out _).Should().BeFalse();
    }

    // An update of 120 tokens a second.
    private string[] Run(bool json, int seconds)
    {
        PretrainMessages messages = new(error, json, terminal: false, clock);
        TrainingMeter meter = new(clock, total: 100, begun: 0);
        messages.During(meter, () =>
        {
            for (int i = 0; i < seconds; i++)
            {
                clock.Seconds++;
                meter.Add(new UpdateResult(3, 0.25, 120));
                messages.Progress(meter);
            }
        });
        return error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class Ticking : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
