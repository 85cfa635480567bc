using System.Globalization;
using FluentAssertions;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tests;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Comparison;

// Alone, because what other tests allocate meanwhile would count.
[CollectionDefinition(nameof(ComparisonMemoryTests), DisableParallelization = true)]
[Collection(nameof(ComparisonMemoryTests))]
public sealed class ComparisonMemoryTests
{
    [Fact]
    public void Run_CountlessRecordsAndLabels_StaysInMemory()
    {
        const int Records = 300_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long? held = null;
        using GeneratedStream a = new(Records, i => Row(i, "a"));
        using GeneratedStream b = new(Records, i =>
        {
            if (i == Records - 1)
                held = GC.GetTotalMemory(forceFullCollection: true) - before;
            return Row(i, "b");
        });
        ComparisonReport report = ResultComparison.Run(
            new ComparedFile(new InputFile("a", RecordFormat.JsonLines, null, () => a), null),
            new ComparedFile(new InputFile("b", RecordFormat.JsonLines, null, () => b), null),
            cancel: TestContext.Current.CancellationToken);
        report.Shifts.Records.Should().Be(Records);
        report.Shifts.Top(int.MaxValue).Count.Should().BeInRange(1000, 10_000);
        a.Bytes.Should().BeGreaterThan(60_000_000);
        // What other tests left for the collector makes it less, even less than nothing.
        held.Should().NotBeNull().And.BeLessThan(20_000_000);

        static string Row(int i, string file) => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{i:D40}}","label":"{{file}}{{i:D80}}","score":0.{{i:D6}},"labels":["x{{i:D40}}"]}""") + "\n";
    }
}
