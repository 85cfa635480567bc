namespace GauRuntime.Cli.Tests;

/// <summary>Time that leaps whenever one looks, with timers that have waited already.</summary>
internal sealed class LeapingClock : TimeProvider
{
    private const int LeapSeconds = 11, Ticks = 15;   // past what an event waits for; and of a status, what a line does

    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now += LeapSeconds * TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        for (int i = 0; i < Ticks; i++)
            callback(state);
        return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
