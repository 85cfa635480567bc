namespace GauRuntime.Train.Numbers;

/// <summary>A stream of 64-bit numbers that its seed determines (Steele, Lea and Flood, 2014).</summary>
/// <remarks>The same on every machine. Not thread-safe.</remarks>
/// <param name="seed">Any number; neighbours give streams that have nothing to do with each other.</param>
internal sealed class SplitMix64(ulong seed)
{
    /// <summary>2⁶⁴ over the golden ratio, what two states in a row differ by.</summary>
    internal const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>The next number.</summary>
    public ulong Next()
    {
        state = unchecked(state + Golden);
        return Seeds.Mix64(state);
    }

    /// <summary>The next number as a multiple of 2⁻⁵³ in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1L << 53));
}
