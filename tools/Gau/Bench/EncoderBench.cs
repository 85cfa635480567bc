using System.Diagnostics;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>Times the encoder of a model: no tokenizer, no head.</summary>
/// <param name="model">The model.</param>
/// <param name="texts">Texts per pass.</param>
/// <param name="threads">Threads.</param>
/// <param name="firstOnly">Whether of every text the last hidden state of the first token alone is read.</param>
/// <param name="profiles">Whether the share of every step is measured, in passes of their own.</param>
/// <param name="cancel">Ends a measurement between two passes.</param>
internal sealed class EncoderBench(
    GauModel model, int texts, int threads, bool firstOnly, bool profiles, CancellationToken cancel)
{
    private const int LeastPasses = 5;
    private const int WarmUpPasses = 2;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    /// <summary>Measures one length, with the machine's peak before and after.</summary>
    public BenchResult Measure(int length)
    {
        PeakMemory.Reset();
        using BenchPass pass = new(model, texts, length, threads, firstOnly);
        Time(pass, WarmUpPasses, WarmUp);
        MachinePeak before = MachinePeak.Measure(model.Tier);
        List<double> seconds = Time(pass, LeastPasses, Duration);
        MachinePeak peak = before.Or(MachinePeak.Measure(model.Tier));
        seconds.Sort();
        return new BenchResult
        {
            Type = model.File.Quantization.Type,
            Attention = model.Config.Attention,
            Tier = model.Tier,
            Length = length,
            Batch = texts,
            Threads = threads,
            Passes = seconds.Count,
            MedianSeconds = (seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2,
            FirstOnly = firstOnly,
            Operations = PassOperations.Of(model.Config, texts, length, read: firstOnly ? 1 : length),
            Peak = peak,
            PeakRssMebibytes = PeakMemory.Mebibytes(),
            Steps = profiles ? Profile(length) : null,
        };
    }

    private StepShares Profile(int length)
    {
        using StepTimes times = new();
        model.Profile(times);
        try
        {
            using BenchPass pass = new(model, texts, length, threads, firstOnly);
            Time(pass, WarmUpPasses, WarmUp);
            times.Clear();
            long start = TimeStamp.Now;
            Time(pass, LeastPasses, Duration);
            return StepShares.Of(times, (double)threads * (TimeStamp.Now - start));
        }
        finally
        {
            model.Profile(null);
        }
    }

    /// <summary>Seconds of every pass, of which there are so many and so long at least.</summary>
    private List<double> Time(BenchPass pass, int least, TimeSpan duration)
    {
        List<double> seconds = [];
        Stopwatch clock = Stopwatch.StartNew();
        while (seconds.Count < least || clock.Elapsed < duration)
        {
            cancel.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            pass.Run();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return seconds;
    }
}
