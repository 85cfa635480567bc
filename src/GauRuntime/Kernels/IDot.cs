namespace GauRuntime.Kernels;

/// <summary>
/// Sums of four int8 products per 32-bit lane, exact on every ISA: no intermediate can saturate with values of ±127.
/// </summary>
/// <typeparam name="TI">Vector of ints, one per output column.</typeparam>
/// <typeparam name="TB">Vector of bytes: 4 consecutive k of each column.</typeparam>
/// <typeparam name="TA">The same four activations in every lane, in the form that the instruction wants.</typeparam>
internal unsafe interface IDot<TI, TB, TA>
    where TI : struct
    where TB : struct
    where TA : struct
{
    /// <summary>
    /// Whether activations are −127…127 plus 128 where sums are given: the instruction wants unsigned ones.
    /// </summary>
    static abstract bool ShiftsActivations { get; }

    static abstract TB Load(sbyte* source);

    /// <summary>Four activations; see <see cref="Int8Rows"/>.</summary>
    static abstract TA Activations(byte* source);

    /// <summary>Where a block's sum starts: 0, or −128 · Σ w where activations are shifted by 128.</summary>
    /// <param name="columnSums">Σ w over the block, per column.</param>
    static abstract TI Start(short* columnSums);

    /// <summary>sum + Σ₄ a · w per column.</summary>
    static abstract TI Step(TI sum, TB weights, TA activations);
}
