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
}

/// <summary>
/// Assembles x ← act(x) for groups of rows of 1 or 2 vectors: operation by operation that of
/// <see cref="VectorKernels{TLanes,TF,TI}"/>, so the same bits.
/// </summary>
/// <remarks>
/// The vectors of a group go through every step side by side, which hides the latency of one chain of 30 operations.
/// </remarks>
internal sealed class ActivationTile(Activation activation, int groupRows, int vectors)
    : TileAssembler(groupRows, vectors)
{
    /// <summary>Rows of a full group: with 2 vectors each, 4 vectors with 4 registers of scratch each.</summary>
    public const int GroupRows = 2;

    private static readonly float[] SwishConstants =
    [
        -ExpSeries.Limit, ExpSeries.Limit, ExpSeries.Magic, -ExpSeries.Log2E, ExpSeries.Ln2High, ExpSeries.Ln2Low,
        ExpSeries.C6, -ExpSeries.C5, ExpSeries.C4, -ExpSeries.C3, ExpSeries.C2, 1,
    ];

    private int Count => Rows * Vectors;

    protected override AssemblerRegisterZMM Result(int row, int vector) => V(row * Vectors + vector);

    protected override void Emit()
    {
        Code.mov(rax, __qword_ptr[r15]);
        Code.mov(rdx, __qword_ptr[r15 + 8]);
        Code.mov(rcx, __qword_ptr[r15 + 16]);
        for (int i = 0; activation == Activation.Swish && i < SwishConstants.Length; i++)
            Code.vbroadcastss(V(20 + i), __dword_ptr[Constant(BitConverter.SingleToInt32Bits(SwishConstants[i]))]);
        Label next = Code.CreateLabel();
        Code.Label(ref next);
        for (int row = 0; row < Rows; row++)
            for (int vector = 0; vector < Vectors; vector++) Code.vmovups(Result(row, vector), Operand(row, vector));
        if (activation == Activation.Swish) Swish();
        else Relu();
        for (int row = 0; row < Rows; row++)
            for (int vector = 0; vector < Vectors; vector++) Code.vmovups(Operand(row, vector), Result(row, vector));
        Code.lea(rax, Rows == 1 ? __[rax + rdx] : __[rax + rdx * 2]);
        Code.dec(rcx);
        Code.jnz(next);
    }

    private static AssemblerMemoryOperand Operand(int row, int vector) =>
        row == 0 ? __zmmword_ptr[rax + 64 * vector] : __zmmword_ptr[rax + rdx + 64 * vector];

    private static AssemblerRegisterZMM Held(float value) => V(20 + Array.IndexOf(SwishConstants, value));

    private void Each(Action<AssemblerRegisterZMM, Scratch> step)
    {
        for (int i = 0; i < Count; i++) step(V(i), new Scratch(4 + 4 * i));
    }

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
        Each((x, t) => Code.vmovaps(t.Shifted, Held(ExpSeries.Magic)));
        Each((x, t) => Code.vfmadd231ps(t.Shifted, t.M, Held(-ExpSeries.Log2E)));
        Each((x, t) => Code.vsubps(t.Power, t.Shifted, Held(ExpSeries.Magic)));   // n
        Each((x, t) => Code.vfmadd231ps(t.M, t.Power, Held(ExpSeries.Ln2High)));
        Each((x, t) => Code.vfmadd231ps(t.M, t.Power, Held(ExpSeries.Ln2Low)));   // −r
        Each((x, t) => Code.vmovaps(t.Power, Held(ExpSeries.C6)));
        Array.ForEach(
            [-ExpSeries.C5, ExpSeries.C4, -ExpSeries.C3, ExpSeries.C2],
            coefficient => Each((x, t) => Code.vfmadd213ps(t.Power, t.M, Held(coefficient))));
        Each((x, t) => Code.vfmsub213ps(t.Power, t.M, Held(1)));
        Each((x, t) => Code.vfmadd213ps(t.Power, t.M, Held(1)));
        Each((x, t) => Code.vpslld(t.Shifted, t.Shifted, 23));
        Each((x, t) => Code.vpaddd(t.Power, t.Power, t.Shifted));   // exp(−x)
        Each((x, t) => Code.vaddps(t.Power, t.Power, Held(1)));
        Reciprocal();
        Each((x, t) => Code.vmulps(x, x, t.Shifted));
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

    /// <summary>The four registers of a vector from <paramref name="first"/> on.</summary>
    private readonly struct Scratch(int first)
    {
        public AssemblerRegisterZMM M => V(first);

        public AssemblerRegisterZMM Shifted => V(first + 1);

        public AssemblerRegisterZMM Power => V(first + 2);

        public AssemblerRegisterZMM Next => V(first + 3);
    }
}
