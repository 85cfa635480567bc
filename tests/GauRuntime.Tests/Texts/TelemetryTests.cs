using System.Diagnostics;
using System.Diagnostics.Metrics;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>What listeners hear; other tests compute meanwhile, so only this one's activities count.</summary>
[Collection(nameof(Threads.WorkerPoolCostTests))]
public sealed class TelemetryTests
{
    [Fact]
    public void Calls_WithListeners_TellRecordsTokensAndDuration()
    {
        using GauModel model = GauModel.Load(LegalModel.Path);
        Dictionary<string, double> sums = [];
        using MeterListener meters = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == GauTelemetry.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (sums)
                sums[$"{name} {tags[0].Value}"] = sums.GetValueOrDefault($"{name} {tags[0].Value}") + value;
        }
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        meters.Start();
        List<Activity> activities = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == GauTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (activities)
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);

        int tokens = new GauClassifier(model).Classify(LegalModel.Texts).Sum(answer => answer.Text.Tokens);
        FluentActions.Invoking(() => new GauFillMask(model).Fill("没有")).Should().Throw<GauTextException>();

        sums["gau.records classify"].Should().Be(LegalModel.Texts.Length);
        sums["gau.tokens classify"].Should().Be(tokens);
        sums["gau.duration classify"].Should().BeInRange(1e-4, 60);
        sums.Keys.Should().NotContain("gau.records fill");
        activities.Select(activity => (activity.OperationName, activity.Status)).Should()
            .Equal(("gau.classify", ActivityStatusCode.Unset), ("gau.fill", ActivityStatusCode.Error));
        activities[0].GetTagItem("gau.tokens").Should().Be((long)tokens);
    }
}
