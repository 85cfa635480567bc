using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using GauRuntime.Kernels.Assembled;

namespace GauRuntime.Kernels;

/// <summary>What one core of this machine could do at most: arithmetic on registers, without a single load.</summary>
/// <remarks>
/// In Gop/s, a multiply-add being two operations. A measurement takes some 20 ms on the thread that asks. Twelve
/// independent sums hide the latency of every processor so far: at most 5 cycles for one of two units.
/// </remarks>
internal static partial class PeakProbe
{
    private const int Sums = 12;   // of a loop of intrinsics
    private const int Repetitions = 20;
    private static readonly long ShortestTicks = Stopwatch.Frequency / 1000;
    private static readonly Lazy<Func<int, float>> AssembledF32 = new(() => Assembled(int8: false));
    private static readonly Lazy<Func<int, float>> AssembledInt8 = new(() => Assembled(int8: true));
    private static readonly Lazy<Func<int, float>> Tiles = new(AssembledTiles);

    /// <summary>Fused multiply-adds of floats.</summary>
    /// <param name="tier">A name of <see cref="KernelTiers.Available"/>.</param>
    /// <exception cref="ArgumentException">This machine does not have the tier.</exception>
    public static double MeasureF32(string tier) => Checked(tier) switch
    {
        AmxSupport.Tier or "avx512vnni" => Best(AssembledF32.Value, PeakTile.Sums * 2 * 16),
        "portable" => Best(Floats<Lanes128, Vector128<float>, Vector128<int>>, Sums * 2 * 4),
        "avx2" or "avxvnni" => Best(Floats<Lanes256, Vector256<float>, Vector256<int>>, Sums * 2 * 8),
        _ when Avx512F.IsSupported => Best(Floats<Lanes512, Vector512<float>, Vector512<int>>, Sums * 2 * 16),
        _ => Best(AssembledF32.Value, PeakTile.Sums * 2 * 16),
    };

    /// <summary>Dot products of four bytes, added to 32-bit sums, by the instruction that the tier uses.</summary>
    /// <param name="tier">A name of <see cref="KernelTiers.Available"/>.</param>
    /// <exception cref="ArgumentException">This machine does not have the tier.</exception>
    public static double MeasureInt8(string tier) => Checked(tier) switch
    {
        AmxSupport.Tier => Best(Tiles.Value, AmxPeakTile.Operations),
        "avx512vnni" => Best(AssembledInt8.Value, PeakTile.Sums * 2 * 64),
        "portable" => Best(Portable, Sums * (Dp.IsSupported ? 2 * 16 : 2 * 8)),
        "avx2" => Best(MultiplyAdd256, Sums * 2 * 32),
        _ => AvxVnni.IsSupported ? Best(Vnni256, Sums * 2 * 32) : Best(MultiplyAdd256, Sums * 2 * 32),
    };

    private static string Checked(string tier) => KernelTiers.Available.Contains(tier)
        ? tier
        : throw new ArgumentException($"'{tier}' is none of {string.Join(", ", KernelTiers.Available)}", nameof(tier));

    /// <summary>The best of a few repetitions of a millisecond or more; what disturbs only ever slows.</summary>
    /// <param name="loop">Steps all sums so many times; its result is only there to be needed.</param>
    /// <param name="operations">Per step.</param>
    private static double Best(Func<int, float> loop, int operations)
    {
        int steps = 1 << 12;
        while (Ticks(loop, steps) < ShortestTicks)
            steps *= 2;
        long best = long.MaxValue;
        for (int i = 0; i < Repetitions; i++)
            best = Math.Min(best, Ticks(loop, steps));
        return (double)steps * operations * Stopwatch.Frequency / best * 1e-9;
    }

    private static unsafe Func<int, float> Assembled(bool int8)
    {
        nint code = new PeakTile(int8).Map();
        return steps =>
        {
            long count = steps;
            ((delegate* unmanaged<long*, void>)code)(&count);
            return 0;
        };
    }

    private static unsafe Func<int, float> AssembledTiles()
    {
        AmxTiles registers = new(new TileCall());
        nint code = new AmxPeakTile().Map();
        return steps =>
        {
            long count = steps;
            registers.Enter(AmxTiles.Rows, AmxTiles.RowBytes);
            ((delegate* unmanaged<long*, void>)code)(&count);
            registers.Leave();
            return 0;
        };
    }

    private static long Ticks(Func<int, float> loop, int steps)
    {
        long start = Stopwatch.GetTimestamp();
        float result = loop(steps);
        long ticks = Stopwatch.GetTimestamp() - start;
        GC.KeepAlive(float.IsNaN(result) ? loop : null);
        return ticks;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Floats<TLanes, TF, TI>(int steps)
        where TLanes : struct, ILanes<TF, TI>
        where TF : struct
        where TI : struct
    {
        TF a = TLanes.Broadcast(0.5f), b = TLanes.Broadcast(0.25f);
        TF s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (int i = 0; i < steps; i++)
        {
            s0 = TLanes.Fma(s0, a, b);
            s1 = TLanes.Fma(s1, a, b);
            s2 = TLanes.Fma(s2, a, b);
            s3 = TLanes.Fma(s3, a, b);
            s4 = TLanes.Fma(s4, a, b);
            s5 = TLanes.Fma(s5, a, b);
            s6 = TLanes.Fma(s6, a, b);
            s7 = TLanes.Fma(s7, a, b);
            s8 = TLanes.Fma(s8, a, b);
            s9 = TLanes.Fma(s9, a, b);
            s10 = TLanes.Fma(s10, a, b);
            s11 = TLanes.Fma(s11, a, b);
        }
        float* lanes = stackalloc float[Reduction.Lanes];
        s0 = TLanes.Add(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)), TLanes.Add(s4, s5));
        s6 = TLanes.Add(TLanes.Add(TLanes.Add(s6, s7), TLanes.Add(s8, s9)), TLanes.Add(s10, s11));
        TLanes.Store(lanes, TLanes.Add(s0, s6));
        return lanes[0];
    }
}
