using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>From which length on GAU-α takes no more time than RoFormerV2 in the same runtime.</summary>
internal static class Crossing
{
    /// <summary>A sentence, or null where nothing was measured for both.</summary>
    /// <param name="results">A run.</param>
    /// <param name="name">Name of the engines, as ours-int8.</param>
    /// <param name="threads">Threads of the runs; one text at a time.</param>
    public static string? Describe(PeerResults results, string name, int threads)
    {
        Dictionary<int, EngineRun> gau = ByLength(results, "gau:" + name, threads);
        Dictionary<int, EngineRun> roFormer = ByLength(results, "roformer:" + name, threads);
        int[] lengths = [.. gau.Keys.Intersect(roFormer.Keys).Order()];
        if (lengths.Length == 0)
            return null;
        double[] ratios = [.. lengths.Select(n => gau[n].MedianSeconds / roFormer[n].MedianSeconds)];
        string title = EngineSpec.All.First(spec => spec.Name == name).Title;
        string range = string.Create(CultureInfo.InvariantCulture,
            $"time of GAU-α / RoFormerV2 {ratios[0]:F2} at {lengths[0]}, {ratios[^1]:F2} at {lengths[^1]}");
        return $"{title}: {Verdict(lengths, ratios)} ({range}).";
    }

    /// <summary>Where the ratio falls to 1, on straight lines over the logarithm of the length.</summary>
    private static string Verdict(int[] lengths, double[] ratios)
    {
        int first = Array.FindIndex(ratios, ratio => ratio <= 1);
        if (first < 0)
            return $"none up to {lengths[^1]}";
        string start = first == 0
            ? $"from {lengths[0]}, the shortest measured,"
            : $"from about n = {Between(lengths, ratios, first):F0}";
        int end = Array.FindIndex(ratios, first, ratio => ratio > 1);
        return end < 0 ? $"{start} on" : $"{start} to about n = {Between(lengths, ratios, end):F0}";
    }

    private static double Between(int[] lengths, double[] ratios, int after)
    {
        double part = (1 - ratios[after - 1]) / (ratios[after] - ratios[after - 1]);
        return lengths[after - 1] * Math.Pow((double)lengths[after] / lengths[after - 1], part);
    }

    private static Dictionary<int, EngineRun> ByLength(PeerResults results, string engine, int threads) =>
        results.Measurements.Where(m => m.Engine == engine && m.Threads == threads && m.Batch == 1 && !m.IsJob)
            .ToDictionary(m => m.Length);
}
