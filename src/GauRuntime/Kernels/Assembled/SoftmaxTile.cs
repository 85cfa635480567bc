using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of a <see cref="SoftmaxTile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SoftmaxArguments
{
    public float* Row;          // [16 vectors]
    public nint Vectors;
    public float Factor;
    public float Max;           // the largest scaled score so far, afterwards with those of the row
    public float Sum;           // afterwards the weights' sum
}

/// <summary>
/// Assembles one row's step of a softmax: max ← max(max, row · factor), row ← exp(row · factor − max), 0 below −87, and
/// the sum of that.
/// </summary>
/// <remarks>
/// As <see cref="VectorKernels{TLanes,TF,TI}"/> does it, with the opposite sign, so the same bits. A score that is not
/// finite makes the sum NaN.
/// </remarks>
internal sealed unsafe class SoftmaxTile : ExponentialTile<SoftmaxArguments>
{
    private static readonly AssemblerRegisterK[] AboveLowest = [k1, k2, k3, k4];

    private static AssemblerRegisterZMM Sum => V(0);

    private static AssemblerRegisterZMM Factor => V(1);

    private static AssemblerRegisterZMM Max => V(2);

    private static AssemblerRegisterZMM Zero => V(3);

    protected override void Emit()
    {
        HoldConstants();
        Code.vbroadcastss(Factor, Dword(&Arguments->Factor));
        Code.vxorps(Zero, Zero, Zero);
        FindLargest();
        Code.vmulps(V(4), V(4), Factor);
        Code.vmaxps(Max, V(4), Broadcast(&Arguments->Max));
        Code.vmovss(Dword(&Arguments->Max), xmm2);   // Max
        ForAll(Weigh);
        Fold(Sum, V(4), Code.vaddps);
        Code.vmovss(Dword(&Arguments->Sum), xmm0);   // Sum
    }

    /// <summary>Four vectors at a time, then one.</summary>
    private void ForAll(Action<int> body)
    {
        Code.mov(rax, Qword(&Arguments->Row));
        Code.mov(rcx, Qword(&Arguments->Vectors));
        Code.mov(rdx, rcx);
        Code.shr(rcx, 2);
        Code.and(rdx, 3);
        Loop(rcx, () => Step(4));
        Loop(rdx, () => Step(1));

        void Step(int count)
        {
            body(count);
            Code.add(rax, 64 * count);
        }
    }

    /// <summary>V(4) ← the largest score; Sum ← 0, or NaN where a score is not finite.</summary>
    private void FindLargest()
    {
        for (int i = 0; i < 4; i++)
        {
            Code.vbroadcastss(V(4 + i), __dword_ptr[Constant(BitConverter.SingleToInt32Bits(float.NegativeInfinity))]);
            Code.vxorps(V(8 + i), V(8 + i), V(8 + i));
        }
        ForAll(count =>
        {
            for (int i = 0; i < count; i++)
                Code.vmovups(V(12 + i), __zmmword_ptr[rax + 64 * i]);
            for (int i = 0; i < count; i++)
                Code.vmaxps(V(4 + i), V(4 + i), V(12 + i));
            for (int i = 0; i < count; i++)
                Code.vfmadd231ps(V(8 + i), V(12 + i), Zero);
        });
        Combine(4, Code.vmaxps);
        Combine(8, Code.vaddps);
        Fold(V(4), V(5), Code.vmaxps);
        Code.vmovaps(Sum, V(8));
    }

    /// <summary>Combines four vectors from the n-th on into that.</summary>
    private static void Combine(
        int n, Action<AssemblerRegisterZMM, AssemblerRegisterZMM, AssemblerRegisterZMM> instruction)
    {
        instruction(V(n), V(n), V(n + 1));
        instruction(V(n + 2), V(n + 2), V(n + 3));
        instruction(V(n), V(n), V(n + 2));
    }

    /// <summary>x ← exp(x · factor − max); lane i of the sum adds the weights i, i + 16, …</summary>
    private void Weigh(int count)
    {
        Each(count, (_, t) => Code.vmovaps(t.M, Max));
        Each(count, (i, t) => Code.vfnmadd231ps(t.M, Factor, __zmmword_ptr[rax + 64 * i]));
        Each(count, (i, t) => Code.vcmpleps(AboveLowest[i], t.M, Held(ExpSeries.Limit)));
        Each(count, (_, t) => Code.vminps(t.M, t.M, Held(ExpSeries.Limit)));
        Exponential(count);
        Each(count, (i, t) => Code.vmovaps(Masked(t.Power, i), t.Power));
        Each(count, (i, t) => Code.vmovups(__zmmword_ptr[rax + 64 * i], t.Power));
        Each(count, (_, t) => Code.vaddps(Sum, Sum, t.Power));
    }

    private static AssemblerRegisterZMM Masked(AssemblerRegisterZMM register, int i) => (i switch
    {
        0 => register.k1,
        1 => register.k2,
        2 => register.k3,
        _ => register.k4,
    }).z;
}
