using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// What a tile with gelu has, in both forms: operation by operation that of
/// <see cref="VectorKernels{TLanes,TF,TI}"/>. V(0) … V(3) go through every step side by side.
/// </summary>
/// <remarks>
/// Each has 7 registers of scratch from V(4) on; the constants, too many to be held, come from memory.
/// </remarks>
internal abstract class GeluTile<TArguments> : ExponentialTile<TArguments>
    where TArguments : unmanaged
{
    private const int FirstScratch = 4, ScratchSize = 7;

    private static readonly float[]
        Ratio =
        [
            GeluSeries.R11, GeluSeries.R10, GeluSeries.R9, GeluSeries.R8, GeluSeries.R7, GeluSeries.R6, GeluSeries.R5,
            GeluSeries.R4, GeluSeries.R3, GeluSeries.R2, GeluSeries.R1, GeluSeries.R0,
        ],
        Exp = [GeluSeries.E6, GeluSeries.E5, GeluSeries.E4, GeluSeries.E3, GeluSeries.E2, GeluSeries.E1],
        Exp2 = [GeluSeries.P6, GeluSeries.P5, GeluSeries.P4, GeluSeries.P3, GeluSeries.P2, GeluSeries.P1],
        ShortExp2 = [ShortSeries.P3, ShortSeries.P2, ShortSeries.P1, ShortSeries.P0],
        ShortNumerator = [ShortSeries.N2, ShortSeries.N1, ShortSeries.N0],
        ShortDenominator = [ShortSeries.D3, ShortSeries.D2, ShortSeries.D1, 1];

    private int count;

    /// <summary>x ← x Φ(x).</summary>
    /// <param name="vectors">How many of V(0) … V(3).</param>
    protected void Gelu(int vectors)
    {
        count = vectors;
        const int T = 0, MinusB = 1, E = 2, N = 3, P = 4, Scale = 5, Product = 6;
        Magnitude(T, GeluSeries.Limit, E);
        Each(t => Code.vaddps(t[MinusB], t[T], Value(2)));
        Reciprocal(E, MinusB, N);
        Set(MinusB, 2);
        Each(t => Code.vfmadd213ps(t[MinusB], t[E], Value(-1)));
        Set(E, 0.5f);
        Each(t => Code.vfmadd213ps(t[E], t[MinusB], Value(0.5f)));   // w
        Each(t => Code.vfmadd213ps(t[E], t[T], t[MinusB]));
        Polynomial(N, MinusB, GeluSeries.Bend, GeluSeries.Slope, -1);
        Each(t => Code.vmulps(t[E], t[E], t[N]));

        Each(t => Code.vaddps(t[N], t[MinusB], Value(GeluSeries.Centre)));
        Polynomial(P, N, Ratio);

        Each(t => Code.vmulps(t[N], t[T], t[T]));
        Set(Scale, GeluSeries.Magic);
        Each(t => Code.vfmadd231ps(t[Scale], t[N], Value(GeluSeries.Log2E)));
        Each(t => Code.vsubps(t[N], t[Scale], Value(GeluSeries.Magic)));
        Each(t => Code.vmulps(t[Product], t[N], Value(GeluSeries.Ln2High)));
        Each(t => Code.vfmadd213ps(t[T], t[T], t[Product]));
        Each(t => Code.vfmadd231ps(t[T], t[N], Value(GeluSeries.Ln2Low)));   // r
        Polynomial(N, T, Exp);
        Each(t => Code.vmulps(t[N], t[N], t[T]));   // q

        const int G = T, U = N;
        Each(t => Code.vmovaps(t[G], t[P]));
        Each(t => Code.vfmadd213ps(t[G], t[N], t[N]));
        Each(t => Code.vaddps(t[U], t[G], t[P]));
        Each(t => Code.vmovaps(t[Product], t[E]));
        Each(t => Code.vfmadd213ps(t[Product], t[U], t[E]));
        Each(t => Code.vfmadd231ps(t[Product], t[MinusB], t[G]));
        Each(t => Code.vfmadd231ps(t[Product], t[MinusB], t[P]));
        Each(t => Code.vaddps(t[Product], t[Product], t[MinusB]));
        Each(t => Code.vpslld(t[Scale], t[Scale], 23));
        Positive(N);
        Each(t => Code.vfmadd231ps(t.X, t[Product], t[Scale]));
    }

    /// <summary>x ← x / 2 · (1 + tanh(√(2 / π) (x + 0.044715 x³))).</summary>
    /// <param name="vectors">How many of V(0) … V(3).</param>
    protected void GeluTanh(int vectors)
    {
        count = vectors;
        const int T = 0, Square = 1, SquareLow = 2, High = 3, Low = 4;
        Magnitude(T, GeluSeries.TanhLimit, Square);
        Each(t => Code.vmulps(t[Square], t[T], t[T]));
        Each(t => Code.vmovaps(t[SquareLow], t[T]));
        Each(t => Code.vfmsub213ps(t[SquareLow], t[T], t[Square]));
        Set(High, GeluSeries.LinearHigh);
        Each(t => Code.vmovaps(t[Low], t[High]));
        Each(t => Code.vfmadd231ps(t[High], t[Square], Value(GeluSeries.CubicHigh)));
        Each(t => Code.vsubps(t[Low], t[Low], t[High]));
        Each(t => Code.vfmadd231ps(t[Low], t[Square], Value(GeluSeries.CubicHigh)));
        Each(t => Code.vfmadd231ps(t[Low], t[SquareLow], Value(GeluSeries.CubicHigh)));
        Set(SquareLow, GeluSeries.LinearLow);
        Each(t => Code.vfmadd231ps(t[SquareLow], t[Square], Value(GeluSeries.CubicLow)));
        Each(t => Code.vaddps(t[Low], t[Low], t[SquareLow]));

        const int Scale = Square, R = SquareLow, Q = High;
        Set(Scale, GeluSeries.TanhMagic);
        Set(R, GeluSeries.TanhMagic);
        Each(t => Code.vfmadd231ps(t[Scale], t[T], t[High]));
        Each(t => Code.vsubps(t[R], t[R], t[Scale]));
        Each(t => Code.vfmadd231ps(t[R], t[T], t[High]));
        Each(t => Code.vfmadd231ps(t[R], t[T], t[Low]));
        Polynomial(Q, R, Exp2);
        Each(t => Code.vmulps(t[Q], t[Q], t[R]));
        Each(t => Code.vpslld(t[Scale], t[Scale], 23));

        const int Power = R, W = 5, E = Low, Product = Power, Other = 6;
        Each(t => Code.vmovaps(t[Power], t[Q]));
        Each(t => Code.vfmadd213ps(t[Power], t[Scale], t[Scale]));
        Each(t => Code.vmulps(t[Power], t[Power], Value(0.0625f)));
        Each(t => Code.vaddps(t[E], t[Power], Value(1)));
        Reciprocal(W, E, Other);
        Each(t => Code.vsubps(t[E], t[W], Value(1)));
        Each(t => Code.vfmadd231ps(t[E], t[W], t[Power]));
        Each(t => Code.vmovaps(t[Other], t[E]));
        Each(t => Code.vfmadd213ps(t[Other], t[Q], t[E]));
        Each(t => Code.vsubps(t[Q], t[Q], t[Other]));
        Each(t => Code.vmulps(t[Product], t[T], t[W]));
        Each(t => Code.vfmsub213ps(t[W], t[T], t[Product]));
        Each(t => Code.vfmadd213ps(t[Q], t[Product], t[W]));
        Each(t => Code.vaddps(t[Q], t[Q], t[Product]));
        Each(t => Code.vmulps(t[Q], t[Q], t[Scale]));
        Positive(E);
        Each(t => Code.vfmadd231ps(t.X, t[Q], Value(-0.0625f)));
    }

    /// <summary>x ← x Φ(x), for results that become int8.</summary>
    /// <param name="vectors">How many of V(0) … V(3).</param>
    protected void ShortGelu(int vectors)
    {
        count = vectors;
        const int T = 0, Square = 1, Factor = 2, Numerator = 3, Denominator = 4, Power = 5, Other = 6;
        Magnitude(T, ShortSeries.GeluLimit, Other);
        Each(t => Code.vmulps(t[Square], t[T], t[T]));
        Set(Factor, GeluSeries.Log2E);
        ShortPower(Power, Square, Factor, Other);
        Polynomial(Numerator, T, ShortNumerator);
        Polynomial(Denominator, T, ShortDenominator);
        Each(t => Code.vmulps(t[Power], t[Power], t[T]));
        Each(t => Code.vmulps(t[Power], t[Power], t[Numerator]));
        Each(t => Code.vdivps(t[Power], t[Power], t[Denominator]));
        Positive(Other);
        Each(t => Code.vsubps(t.X, t.X, t[Power]));
    }

    /// <summary>x ← x / 2 · (1 + tanh(√(2 / π) (x + 0.044715 x³))), for results that become int8.</summary>
    /// <param name="vectors">How many of V(0) … V(3).</param>
    protected void ShortGeluTanh(int vectors)
    {
        count = vectors;
        const int Near = 0, Square = 1, Factor = 2, Power = 3, Other = 4;
        Each(t => Code.vmaxps(t[Near], t.X, Value(-ShortSeries.TanhLimit)));
        Each(t => Code.vminps(t[Near], t[Near], Value(ShortSeries.TanhLimit)));
        Each(t => Code.vmulps(t[Square], t[Near], t[Near]));
        Set(Factor, GeluSeries.LinearHigh);
        Each(t => Code.vfmadd231ps(t[Factor], t[Square], Value(GeluSeries.CubicHigh)));
        ShortPower(Power, Near, Factor, Other);
        Each(t => Code.vaddps(t[Power], t[Power], Value(1)));
        Each(t => Code.vdivps(t.X, t.X, t[Power]));
    }

    /// <summary>Power ← 2 to the argument · factor. The argument is lost.</summary>
    private void ShortPower(int power, int argument, int factor, int shifted)
    {
        Set(shifted, ExpSeries.Magic);
        Set(power, ExpSeries.Magic);
        Each(t => Code.vfmadd231ps(t[shifted], t[argument], t[factor]));
        Each(t => Code.vsubps(t[power], t[power], t[shifted]));
        Each(t => Code.vfmadd213ps(t[argument], t[factor], t[power]));   // r
        Polynomial(power, argument, ShortExp2);
        Each(t => Code.vpslld(t[shifted], t[shifted], 23));
        Each(t => Code.vpaddd(t[power], t[power], t[shifted]));
    }

    /// <summary>A constant, the same in every lane.</summary>
    private AssemblerMemoryOperand Value(float value) =>
        __dword_bcst[Constant(BitConverter.SingleToInt32Bits(value))];

    private void Each(Action<Registers> step)
    {
        for (int i = 0; i < count; i++)
            step(new Registers(i));
    }

    private void Set(int register, float value)
    {
        AssemblerMemoryOperand operand = __dword_ptr[Constant(BitConverter.SingleToInt32Bits(value))];
        Each(t => Code.vbroadcastss(t[register], operand));
    }

    /// <summary>Result ← min(limit, |x|).</summary>
    private void Magnitude(int result, float limit, int other)
    {
        AssemblerMemoryOperand bits = __dword_bcst[Constant(int.MaxValue)];
        Each(t => Code.vpandd(t[result], t.X, bits));
        Set(other, limit);
        Each(t => Code.vminps(t[result], t[other], t[result]));
    }

    /// <summary>X ← max(x, 0), NaN for −∞.</summary>
    private void Positive(int other)
    {
        Each(t => Code.vpxord(t[other], t[other], t[other]));
        Each(t => Code.vminps(t[other], t[other], t.X));
        Each(t => Code.vsubps(t.X, t.X, t[other]));
    }

    /// <summary>Sum ← the polynomial with these coefficients, the highest power's first.</summary>
    private void Polynomial(int sum, int argument, params float[] coefficients)
    {
        Set(sum, coefficients[0]);
        foreach (float coefficient in coefficients[1..])
            Each(t => Code.vfmadd213ps(t[sum], t[argument], Value(coefficient)));
    }

    /// <summary>Y ← 1 / d.</summary>
    private void Reciprocal(int y, int d, int other)
    {
        AssemblerMemoryOperand bits = __dword_ptr[Constant(ExpSeries.ReciprocalBits)];
        Each(t => Code.vpbroadcastd(t[y], bits));
        Each(t => Code.vpsubd(t[y], t[y], t[d]));
        for (int i = 0; i < 2; i++)
        {
            (int old, int next) = (y, other);
            Set(next, 1);
            Each(t => Code.vfnmadd231ps(t[next], t[d], t[old]));   // e
            Each(t => Code.vfmadd213ps(t[next], t[next], t[next]));
            Each(t => Code.vfmadd213ps(t[next], t[old], t[old]));
            (y, other) = (other, y);
        }
    }

    /// <summary>A vector and its scratch.</summary>
    private readonly struct Registers(int vector)
    {
        public AssemblerRegisterZMM X => V(vector);

        public AssemblerRegisterZMM this[int n] => V(FirstScratch + ScratchSize * vector + n);
    }
}
