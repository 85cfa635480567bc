using System.Diagnostics;
using GauRuntime.Benchmarks.Peers.Engines;

namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>Times engines in turn, so that a slow moment of the machine hits all of them.</summary>
/// <param name="seconds">Per engine.</param>
/// <param name="rounds">Turns of each engine, at most; two runs at least.</param>
internal sealed class Sampler(double seconds, int rounds)
{
    private const int LeastRuns = 2;

    /// <summary>Seconds of every timed run [engines][runs]. The engines are prepared.</summary>
    public IReadOnlyList<double>[] Run(IReadOnlyList<IEngine> engines)
    {
        List<double>[] times = [.. engines.Select(_ => new List<double>())];
        double[] first = [.. engines.Select(Time)];   // grows buffers; counts where it is long
        for (int i = 0; i < engines.Count; i++)
            if (first[i] >= seconds)
                times[i].Add(first[i]);
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < engines.Count; i++)
                if (times[i].Count < LeastRuns || times[i].Sum() < seconds)
                    TakeTurn(engines[i], first[i], times[i]);
        return times;
    }

    /// <summary>Runs until the turn's share of the time is over, at least once.</summary>
    private void TakeTurn(IEngine engine, double first, List<double> times)
    {
        double share = seconds / rounds, spent = 0;
        // Its weights are back in the caches, and in memory where the system had paged a mapped file out meanwhile.
        if (first < seconds)
            engine.Run();
        do
        {
            double time = Time(engine);
            times.Add(time);
            spent += time;
        }
        while (spent < share);
    }

    private static double Time(IEngine engine)
    {
        long start = Stopwatch.GetTimestamp();
        engine.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
