namespace GauRuntime.Weights;

/// <summary>A stream of 64-bit numbers that its seed determines.</summary>
/// <remarks>
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. The same on every machine. Not
/// thread-safe.
/// </remarks>
/// <param name="seed">Any number; neighbours give streams that have nothing to do with each other.</param>
internal sealed class SplitMix64(ulong seed)
{
    /// <summary>2⁶⁴ over the golden ratio, what two states in a row differ by.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>Mixes the bits of a state; a bijection.</summary>
    public static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        }
        return z ^ (z >> 31);
    }

    /// <summary>The next number.</summary>
    public ulong Next()
    {
        state = unchecked(state + Golden);
        return Mix(state);
    }

    /// <summary>The next number as a multiple of 2⁻⁵³ in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1L << 53));
}
