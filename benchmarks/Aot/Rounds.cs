using System.Text.Json;

namespace GauRuntime.Benchmarks.Aot;

/// <summary>A figure of the native file and of the program under the JIT.</summary>
internal sealed record Pair(string What, double Native, double Jit)
{
    public double Ratio => Native / Jit;
}

/// <summary>Measures both programs in turn, so that a slow moment of the machine hits both.</summary>
internal sealed class Rounds(GauProcess native, GauProcess jit)
{
    /// <summary>Medians of a measurement of each.</summary>
    public Pair Medians(string what, int rounds, Func<GauProcess, double> measure)
    {
        List<double> natives = [], jits = [];
        measure(native);   // the file is in the page cache from here on
        measure(jit);
        for (int round = 0; round < rounds; round++)
        {
            bool first = round % 2 == 0;
            (first ? natives : jits).Add(measure(first ? native : jit));
            (first ? jits : natives).Add(measure(first ? jit : native));
        }
        return new Pair(what, Median(natives), Median(jits));
    }

    /// <summary>Medians of <c>gau bench</c>: tokens per second of the encoder alone, per length.</summary>
    public IEnumerable<Pair> Encoder(string model, int[] lengths, int threads, int rounds)
    {
        string unit = threads == 1 ? "thread" : "threads";
        foreach (int length in lengths)
            yield return Medians($"encoder, base int8, {length} tokens, {threads} {unit}", rounds, gau =>
            {
                string line = gau.Run(
                    "bench", "--model", model, "--lengths", $"{length}", "--threads", $"{threads}", "--json").Output;
                return JsonDocument.Parse(line).RootElement.GetProperty("tokens_per_second").GetDouble();
            });
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
