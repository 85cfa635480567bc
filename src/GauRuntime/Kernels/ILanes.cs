namespace GauRuntime.Kernels;

/// <summary>
/// The float and int operations of one vector width. An implementation is a list of one-line methods.
/// </summary>
/// <remarks>
/// Every operation is exact or correctly rounded, so that a kernel written over these lanes gives the same bits at
/// every width, provided that it reduces through <see cref="Reduction"/>'s 16 virtual lanes.
/// </remarks>
/// <typeparam name="TF">Vector of floats.</typeparam>
/// <typeparam name="TI">Vector of ints of the same width.</typeparam>
internal unsafe interface ILanes<TF, TI>
    where TF : struct
    where TI : struct
{
    /// <summary>Floats per vector: 4, 8 or 16.</summary>
    static abstract int Width { get; }

    static abstract TF Load(float* source);
    static abstract void Store(float* destination, TF value);
    static abstract TF Broadcast(float value);
    static abstract TF Add(TF a, TF b);
    static abstract TF Subtract(TF a, TF b);
    static abstract TF Multiply(TF a, TF b);
    static abstract TF Divide(TF a, TF b);
    static abstract TF Abs(TF a);

    /// <summary>The larger; b or NaN where either is NaN, and either of two zeros.</summary>
    static abstract TF Max(TF a, TF b);

    /// <summary>The smaller; b or NaN where either is NaN, and either of two zeros.</summary>
    static abstract TF Min(TF a, TF b);

    /// <summary>a · b + c with one rounding.</summary>
    static abstract TF Fma(TF a, TF b, TF c);

    /// <summary><paramref name="value"/> where a ≥ b, else 0.</summary>
    static abstract TF WhereAtLeast(TF a, TF b, TF value);

    static abstract TI BroadcastInt(int value);
    static abstract TI AddInt(TI a, TI b);
    static abstract TI SubtractInt(TI a, TI b);
    static abstract TI MaxInt(TI a, TI b);
    static abstract TI And(TI a, TI b);
    static abstract TI Or(TI a, TI b);
    static abstract TI ShiftLeft(TI a, int count);
    static abstract TI AsInt(TF a);
    static abstract TF AsFloat(TI a);

    /// <summary>Conversion of integers below 2²⁴, which is exact.</summary>
    static abstract TF ToFloat(TI a);

    /// <summary>The largest of the lanes.</summary>
    static abstract int Largest(TI a);

    /// <summary>The largest of the lanes; anything where one is NaN.</summary>
    static abstract float Largest(TF a);

    /// <summary>Stores the low byte of every lane.</summary>
    static abstract void StoreBytes(byte* destination, TI value);
}
