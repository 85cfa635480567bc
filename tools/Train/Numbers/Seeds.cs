using GauRuntime.Weights;

namespace GauRuntime.Train.Numbers;

/// <summary>Seeds of streams, made of the numbers that a stream may depend on.</summary>
internal static class Seeds
{
    /// <summary>A seed out of several numbers, in their order: s ← mix(s + golden · (part + 1)) for each.</summary>
    /// <param name="parts">Two or more; the first is s to begin with.</param>
    public static ulong Mix64(params ReadOnlySpan<ulong> parts)
    {
        ulong seed = parts[0];
        foreach (ulong part in parts[1..])
            seed = SplitMix64.Mix(unchecked(seed + SplitMix64.Golden * (part + 1)));
        return seed;
    }

    /// <summary>The seed of a training sample, which nothing but these three changes.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Of the sample in the corpus, from 0.</param>
    public static ulong Sample(ulong seed, long epoch, long index) =>
        Mix64(seed, unchecked((ulong)epoch), unchecked((ulong)index));
}
