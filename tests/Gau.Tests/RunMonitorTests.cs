using System.Text;
using FluentAssertions;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>A run is told of on stderr, whether anybody reads there or not.</summary>
public sealed class RunMonitorTests
{
    [Fact]
    public async Task End_NobodyReadsStderr_DoesNotWaitForIt()
    {
        using RecordSource source = new([], new RecordFields());
        using StuckWriter error = new();
        ManualClock clock = new();
        CommandHost host = new()
        {
            OpenInput = () => Stream.Null,
            OpenOutput = () => Stream.Null,
            Error = error,
            Environment = _ => null,
            Clock = clock,
            CancelCode = () => 0,
        };
        using RunMonitor monitor = new(
            new RunProgress(new RunTotals(), source, clock), null, ProgressReports.Lines, host);
        Task first = Task.Run(() => clock.Advance(TimeSpan.FromSeconds(30)), TestContext.Current.CancellationToken);
        error.Reached.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken).Should().BeTrue();
        Task others = Task.Run(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(120));
                monitor.End(null);
            },
            TestContext.Current.CancellationToken);
        await others.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);
        error.Lines.Should().Be(1, "others are let go while the first is being written");
        error.GoOn.Set();
        await first;
    }

    private sealed class StuckWriter : TextWriter
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim GoOn { get; } = new();

        public int Lines { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            Lines++;
            Reached.Set();
            GoOn.Wait(ChildProcess.Patience);
        }

        protected override void Dispose(bool disposing)
        {
            Reached.Dispose();
            GoOn.Dispose();
            base.Dispose(disposing);
        }
    }
}
