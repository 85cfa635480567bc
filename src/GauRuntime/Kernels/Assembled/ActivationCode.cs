using GauRuntime.Weights.ModelFile;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Assembles an activation of a vector in a register: operation by operation that of
/// <see cref="VectorKernels{TLanes,TF,TI}"/>, so the same bits.
/// </summary>
/// <param name="code">Where to.</param>
/// <param name="constant">Where 32 bits of the tile's constants are.</param>
internal sealed class ActivationCode(Assembler code, Func<int, Label> constant)
{
    private static readonly AssemblerRegisterZMM[] Constants =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29];

    private static readonly float[] SwishConstants =
    [
        -ExpSeries.Limit, ExpSeries.Limit, ExpSeries.Magic, -ExpSeries.Log2E, ExpSeries.Ln2High, ExpSeries.Ln2Low,
        ExpSeries.C6, -ExpSeries.C5, ExpSeries.C4, -ExpSeries.C3, ExpSeries.C2, -1, 1,
    ];

    private static AssemblerRegisterZMM Integer => Constants[13];   // ExpSeries.ReciprocalBits

    /// <summary>Fills the registers of the constants; none of the others is touched.</summary>
    public void LoadConstants(Activation activation)
    {
        if (activation != Activation.Swish) return;
        for (int i = 0; i < SwishConstants.Length; i++)
            code.vbroadcastss(Constants[i], __dword_ptr[constant(BitConverter.SingleToInt32Bits(SwishConstants[i]))]);
        code.vpbroadcastd(Integer, __dword_ptr[constant(ExpSeries.ReciprocalBits)]);
    }

    /// <summary>x ← act(x), with the four registers from <paramref name="scratch"/> on.</summary>
    public void Emit(Activation activation, AssemblerRegisterZMM x, int scratch)
    {
        if (activation == Activation.Identity) return;
        AssemblerRegisterZMM t0 = TileAssembler.V(scratch), t1 = TileAssembler.V(scratch + 1),
            t2 = TileAssembler.V(scratch + 2), t3 = TileAssembler.V(scratch + 3);
        if (activation == Activation.Relu)
        {
            code.vxorps(t0, t0, t0);
            code.vmaxps(x, t0, x);   // NaN for NaN
            code.vaddps(x, x, t0);
            return;
        }
        PowerOfMinus(x, t0, t1, t2);
        code.vaddps(t2, t2, Constant(1));
        Reciprocal(t2, t1, t0, t3);
        code.vmulps(x, x, t1);
    }

    /// <summary>power ← exp(−x).</summary>
    private void PowerOfMinus(
        AssemblerRegisterZMM x, AssemblerRegisterZMM m, AssemblerRegisterZMM shifted, AssemblerRegisterZMM power)
    {
        code.vmaxps(m, x, Constant(-ExpSeries.Limit));
        code.vminps(m, m, Constant(ExpSeries.Limit));
        code.vmovaps(shifted, Constant(ExpSeries.Magic));
        code.vfmadd231ps(shifted, m, Constant(-ExpSeries.Log2E));
        code.vsubps(power, shifted, Constant(ExpSeries.Magic));   // n
        code.vfmadd231ps(m, power, Constant(ExpSeries.Ln2High));
        code.vfmadd231ps(m, power, Constant(ExpSeries.Ln2Low));   // −r
        code.vmovaps(power, Constant(ExpSeries.C6));
        foreach (float coefficient in (ReadOnlySpan<float>)
            [-ExpSeries.C5, ExpSeries.C4, -ExpSeries.C3, ExpSeries.C2, -1, 1])
            code.vfmadd213ps(power, m, Constant(coefficient));
        code.vpslld(shifted, shifted, 23);
        code.vpaddd(power, power, shifted);
    }

    /// <summary>y ← 1 / d.</summary>
    private void Reciprocal(
        AssemblerRegisterZMM d, AssemblerRegisterZMM y, AssemblerRegisterZMM error, AssemblerRegisterZMM next)
    {
        code.vpsubd(y, Integer, d);
        for (int i = 0; i < 2; i++)
        {
            code.vmovaps(error, Constant(1));
            code.vfnmadd231ps(error, d, y);
            code.vmovaps(next, error);
            code.vfmadd213ps(next, error, error);
            code.vfmadd213ps(next, y, y);
            (y, next) = (next, y);
        }
    }

    private static AssemblerRegisterZMM Constant(float value) => Constants[Array.IndexOf(SwishConstants, value)];
}
