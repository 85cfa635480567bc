namespace GauRuntime.Cli.Tests;

/// <summary>Time that passes when a test says so, with the timers that wait for it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<ManualTimer> timers = [];
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(() => callback(state), dueTime.Ticks, period.Ticks);
        timers.Add(timer);
        return timer;
    }

    /// <summary>Lets time pass, and calls whom it wakes, on this thread.</summary>
    public void Advance(TimeSpan time)
    {
        for (long end = now + time.Ticks; now < end;)
        {
            now += TimeSpan.TicksPerSecond;
            foreach (ManualTimer timer in timers)
                timer.Tick(TimeSpan.TicksPerSecond);
        }
    }

    private sealed class ManualTimer(Action callback, long due, long period) : ITimer
    {
        private bool disposed;

        public void Tick(long ticks)
        {
            due -= ticks;
            if (due > 0 || disposed)
                return;
            due += period;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
