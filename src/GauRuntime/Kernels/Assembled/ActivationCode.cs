using GauRuntime.Weights.ModelFile;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Assembles an activation of a vector in a register: operation by operation <see cref="VectorKernels{TLanes,TF,TI}"/>,
/// so the same bits.
/// </summary>
/// <param name="code">Where to.</param>
/// <param name="activation">Swish, relu or identity.</param>
/// <param name="constant">Where 32 bits of the tile's constants are.</param>
internal sealed class ActivationCode(Assembler code, Activation activation, Func<int, Label> constant)
{
    /// <summary>x ← act(x), with four registers as scratch.</summary>
    public void Emit(
        AssemblerRegisterZMM x, AssemblerRegisterZMM t0, AssemblerRegisterZMM t1, AssemblerRegisterZMM t2,
        AssemblerRegisterZMM t3)
    {
        if (activation == Activation.Identity) return;
        if (activation == Activation.Relu)
        {
            code.vxorps(t0, t0, t0);
            code.vmaxps(x, t0, x);   // NaN for NaN
            code.vaddps(x, x, t0);
            return;
        }
        PowerOfMinus(x, t0, t1, t2);
        code.vaddps(t2, t2, Lanes(1));
        Reciprocal(t2, t1, t0, t3);
        code.vmulps(x, x, t1);
    }

    /// <summary>power ← exp(−x).</summary>
    private void PowerOfMinus(
        AssemblerRegisterZMM x, AssemblerRegisterZMM m, AssemblerRegisterZMM shifted, AssemblerRegisterZMM power)
    {
        code.vmaxps(m, x, Lanes(-ExpSeries.Limit));
        code.vminps(m, m, Lanes(ExpSeries.Limit));
        code.vbroadcastss(shifted, Scalar(ExpSeries.Magic));
        code.vfmadd231ps(shifted, m, Lanes(-ExpSeries.Log2E));
        code.vsubps(power, shifted, Lanes(ExpSeries.Magic));   // n
        code.vfmadd231ps(m, power, Lanes(ExpSeries.Ln2High));
        code.vfmadd231ps(m, power, Lanes(ExpSeries.Ln2Low));   // −r
        code.vbroadcastss(power, Scalar(ExpSeries.C6));
        foreach (float coefficient in (ReadOnlySpan<float>)
            [-ExpSeries.C5, ExpSeries.C4, -ExpSeries.C3, ExpSeries.C2, -1, 1])
            code.vfmadd213ps(power, m, Lanes(coefficient));
        code.vpslld(shifted, shifted, 23);
        code.vpaddd(power, power, shifted);
    }

    /// <summary>y ← 1 / d.</summary>
    private void Reciprocal(
        AssemblerRegisterZMM d, AssemblerRegisterZMM y, AssemblerRegisterZMM error, AssemblerRegisterZMM next)
    {
        code.vpbroadcastd(y, __dword_ptr[constant(ExpSeries.ReciprocalBits)]);
        code.vpsubd(y, y, d);
        for (int i = 0; i < 2; i++)
        {
            code.vbroadcastss(error, Scalar(1));
            code.vfnmadd231ps(error, d, y);
            code.vmovaps(next, error);
            code.vfmadd213ps(next, error, error);
            code.vfmadd213ps(next, y, y);
            (y, next) = (next, y);
        }
    }

    private AssemblerMemoryOperand Scalar(float value) => __dword_ptr[constant(BitConverter.SingleToInt32Bits(value))];

    private AssemblerMemoryOperand Lanes(float value) => __dword_bcst[constant(BitConverter.SingleToInt32Bits(value))];
}
