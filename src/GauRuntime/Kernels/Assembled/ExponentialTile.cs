using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// What the tiles with an exponential share: up to 4 vectors, V(0) … V(3), go through every step side by side, which
/// hides the latency of one chain of 20 operations and more.
/// </summary>
/// <remarks>V(4) … V(19) are their scratch, V(20) … V(31) the constants.</remarks>
internal abstract class ExponentialTile<TArguments> : TileAssembler<TArguments>
    where TArguments : unmanaged
{
    private const int FirstScratch = 4, FirstConstant = 20;

    private static readonly float[] ExpConstants =
    [
        -ExpSeries.Limit, ExpSeries.Limit, ExpSeries.Magic, -ExpSeries.Log2E, ExpSeries.Ln2High, ExpSeries.Ln2Low,
        ExpSeries.C6, -ExpSeries.C5, ExpSeries.C4, -ExpSeries.C3, ExpSeries.C2, 1,
    ];

    private float[] held = [];

    /// <summary>Loads the constants of <see cref="Exponential"/>, which stay in their registers.</summary>
    protected void HoldConstants() => HoldConstants(ExpConstants);

    /// <summary>Loads at most 12 constants, which stay in their registers.</summary>
    protected void HoldConstants(params float[] constants)
    {
        held = constants;
        for (int i = 0; i < held.Length; i++)
            Code.vbroadcastss(V(FirstConstant + i), __dword_ptr[Constant(BitConverter.SingleToInt32Bits(held[i]))]);
    }

    /// <summary>The register of a constant that is held.</summary>
    protected AssemblerRegisterZMM Held(float value) => V(FirstConstant + Array.IndexOf(held, value));

    /// <summary>One step for every vector, by its index and scratch.</summary>
    protected static void Each(int count, Action<int, Scratch> step)
    {
        for (int i = 0; i < count; i++)
            step(i, new Scratch(FirstScratch + 4 * i));
    }

    /// <summary>Power ← exp(−M) for |M| ≤ 87: the series of exp with every other sign turned. M is lost.</summary>
    protected void Exponential(int count)
    {
        Each(count, (_, t) => Code.vmovaps(t.Shifted, Held(ExpSeries.Magic)));
        Each(count, (_, t) => Code.vfmadd231ps(t.Shifted, t.M, Held(-ExpSeries.Log2E)));
        Each(count, (_, t) => Code.vsubps(t.Power, t.Shifted, Held(ExpSeries.Magic)));   // n
        Each(count, (_, t) => Code.vfmadd231ps(t.M, t.Power, Held(ExpSeries.Ln2High)));
        Each(count, (_, t) => Code.vfmadd231ps(t.M, t.Power, Held(ExpSeries.Ln2Low)));   // −r
        Each(count, (_, t) => Code.vmovaps(t.Power, Held(ExpSeries.C6)));
        Array.ForEach(
            [-ExpSeries.C5, ExpSeries.C4, -ExpSeries.C3, ExpSeries.C2],
            coefficient => Each(count, (_, t) => Code.vfmadd213ps(t.Power, t.M, Held(coefficient))));
        Each(count, (_, t) => Code.vfmsub213ps(t.Power, t.M, Held(1)));
        Each(count, (_, t) => Code.vfmadd213ps(t.Power, t.M, Held(1)));
        Each(count, (_, t) => Code.vpslld(t.Shifted, t.Shifted, 23));
        Each(count, (_, t) => Code.vpaddd(t.Power, t.Power, t.Shifted));
    }

    /// <summary>The four registers of a vector from <paramref name="first"/> on.</summary>
    protected readonly struct Scratch(int first)
    {
        public AssemblerRegisterZMM M => V(first);

        public AssemblerRegisterZMM Shifted => V(first + 1);

        public AssemblerRegisterZMM Power => V(first + 2);

        public AssemblerRegisterZMM Next => V(first + 3);
    }
}
