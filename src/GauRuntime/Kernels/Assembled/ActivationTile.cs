using System.Runtime.InteropServices;
using GauRuntime.Weights.ModelFile;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of an <see cref="ActivationTile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ActivationArguments
{
    public float* X;            // [groups, group rows]
    public nint RowBytes;       // from row to row
    public nint Groups;         // groups of rows
    public float* Bias;         // [vectors], or null
}

/// <summary>
/// Assembles x ← act(x + bias) for groups of rows of 1 or 2 vectors: operation by operation that of
/// <see cref="VectorKernels{TLanes,TF,TI}"/>, so the same bits.
/// </summary>
internal sealed unsafe class ActivationTile(KernelActivation activation, int rows, int vectors)
    : GeluTile<ActivationArguments>
{
    /// <summary>Rows of a full group: with 2 vectors each, 4 vectors and their scratch.</summary>
    public const int GroupRows = 2;

    private int Count => rows * vectors;

    private AssemblerRegisterZMM X(int row, int vector) => V(row * vectors + vector);

    protected override void Emit()
    {
        Code.mov(rax, Qword(&Arguments->X));
        Code.mov(rdx, Qword(&Arguments->RowBytes));
        Code.mov(rcx, Qword(&Arguments->Groups));
        Code.mov(rsi, Qword(&Arguments->Bias));
        if (activation.Function == Activation.Swish)
            HoldSwish();
        Label next = Code.CreateLabel();
        Code.Label(ref next);
        for (int row = 0; row < rows; row++)
            for (int vector = 0; vector < vectors; vector++)
                Code.vmovups(X(row, vector), Operand(row, vector));
        AddBias();
        Activate();
        for (int row = 0; row < rows; row++)
            for (int vector = 0; vector < vectors; vector++)
                Code.vmovups(Operand(row, vector), X(row, vector));
        Code.lea(rax, rows == 1 ? __[rax + rdx] : __[rax + rdx * 2]);
        Code.dec(rcx);
        Code.jnz(next);
    }

    private void Activate()
    {
        switch (activation.Function)
        {
            case Activation.Identity:
                break;
            case Activation.Swish when activation.Short:
                ShortSwish();
                break;
            case Activation.Gelu when activation.Short:
                ShortGelu(Count);
                break;
            case Activation.GeluTanh when activation.Short:
                ShortGeluTanh(Count);
                break;
            case Activation.Swish:
                Swish();
                break;
            case Activation.Relu:
                Relu();
                break;
            case Activation.Gelu:
                Gelu(Count);
                break;
            case Activation.GeluTanh:
                GeluTanh(Count);
                break;
            default:
                throw new InvalidOperationException($"no tile has {activation.Function}");
        }
    }

    private static AssemblerMemoryOperand Operand(int row, int vector) =>
        row == 0 ? __zmmword_ptr[rax + 64 * vector] : __zmmword_ptr[rax + rdx + 64 * vector];

    private void AddBias()
    {
        Label end = Code.CreateLabel();
        Code.test(rsi, rsi);
        Code.jz(end);
        for (int row = 0; row < rows; row++)
            for (int vector = 0; vector < vectors; vector++)
                Code.vaddps(X(row, vector), X(row, vector), __zmmword_ptr[rsi + 64 * vector]);
        Place(end);
    }

    private void Each(Action<AssemblerRegisterZMM, Scratch> step) => Each(Count, (i, t) => step(V(i), t));

    private void Relu() => Each((x, t) =>
    {
        Code.vxorps(t.M, t.M, t.M);
        Code.vmaxps(x, t.M, x);   // NaN for NaN
        Code.vaddps(x, x, t.M);
    });

    private void Swish()
    {
        Each((x, t) => Code.vmaxps(t.M, x, Held(-ExpSeries.Limit)));
        Each((x, t) => Code.vminps(t.M, t.M, Held(ExpSeries.Limit)));
        Exponential(Count);
        Each((x, t) => Code.vaddps(t.Power, t.Power, Held(1)));
        Reciprocal();
        Each((x, t) => Code.vmulps(x, x, t.Shifted));
    }

    private void HoldSwish()
    {
        if (activation.Short)
            HoldConstants(
                -ExpSeries.Limit, ExpSeries.Limit, ExpSeries.Magic, -ExpSeries.Log2E, ShortSeries.P3, ShortSeries.P2,
                ShortSeries.P1, ShortSeries.P0, 1);
        else
            HoldConstants();
    }

    private void ShortSwish()
    {
        Each((x, t) => Code.vmaxps(t.M, x, Held(-ExpSeries.Limit)));
        Each((x, t) => Code.vminps(t.M, t.M, Held(ExpSeries.Limit)));
        Each((x, t) => Code.vmovaps(t.Shifted, Held(ExpSeries.Magic)));
        Each((x, t) => Code.vfmadd231ps(t.Shifted, t.M, Held(-ExpSeries.Log2E)));
        Each((x, t) => Code.vsubps(t.Next, Held(ExpSeries.Magic), t.Shifted));
        Each((x, t) => Code.vfmadd213ps(t.M, Held(-ExpSeries.Log2E), t.Next));   // r
        Each((x, t) => Code.vmovaps(t.Power, Held(ShortSeries.P3)));
        Array.ForEach(
            [ShortSeries.P2, ShortSeries.P1, ShortSeries.P0],
            coefficient => Each((x, t) => Code.vfmadd213ps(t.Power, t.M, Held(coefficient))));
        Each((x, t) => Code.vpslld(t.Shifted, t.Shifted, 23));
        Each((x, t) => Code.vpaddd(t.Power, t.Power, t.Shifted));
        Each((x, t) => Code.vaddps(t.Power, t.Power, Held(1)));
        Each((x, t) => Code.vdivps(x, x, t.Power));
    }

    /// <summary>Shifted ← 1 / Power.</summary>
    private void Reciprocal()
    {
        AssemblerMemoryOperand bits = __dword_ptr[Constant(ExpSeries.ReciprocalBits)];
        Each((x, t) => Code.vpbroadcastd(t.Shifted, bits));
        Each((x, t) => Code.vpsubd(t.Shifted, t.Shifted, t.Power));
        for (int i = 0; i < 2; i++)
        {
            Each((x, t) => Code.vmovaps(t.M, Held(1)));
            Each((x, t) => Code.vfnmadd231ps(t.M, t.Power, t.Shifted));   // e
            Each((x, t) => Code.vmovaps(t.Next, t.M));
            Each((x, t) => Code.vfmadd213ps(t.Next, t.M, t.M));
            Each((x, t) => Code.vfmadd213ps(t.Next, t.Shifted, t.Shifted));
            Each((x, t) => Code.vmovaps(t.Shifted, t.Next));
        }
    }
}
