using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of a <see cref="FloatTile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FloatTileArguments
{
    public TileOutput Output;
    public float* A;            // [rows, lda]
    public nint Lda;            // bytes
    public float* B;            // first panel [depth, 16]
    public nint PanelBytes;     // to the second panel
    public nint Depth;
    public void* Prefetch;      // what will be wanted next: the first of two panels PanelBytes apart
}

/// <summary>
/// Assembles C = A B or C = C + A B in single precision for up to 14 rows and 2 vectors of 16 columns: every
/// output is one chain of fused multiply-adds over ascending k.
/// </summary>
/// <remarks>28 sums, 2 vectors of weights and 2 broadcast activations fill the 32 registers.</remarks>
internal sealed unsafe class FloatTile(int rows, int vectors) : ProductTile<FloatTileArguments>(rows, vectors)
{
    /// <summary>Most rows of a tile.</summary>
    public const int MaxRows = 14;

    private const int StepsPerLoop = 4, GroupBytes = 64;

    private static readonly AssemblerRegister64[] RowBases = [rax, r8, r9, r10, rbx];

    private static AssemblerRegisterZMM Weight(int vector) => V(28 + vector);

    protected override AssemblerRegisterZMM Result(int row, int vector) => V(row * Vectors + vector);

    protected override void Emit()
    {
        Label nextTile = Code.CreateLabel();
        Code.Label(ref nextTile);
        Code.mov(rax, Qword(&Arguments->A));
        Code.mov(r11, Qword(&Arguments->Lda));
        SetRowBases(RowBases, r11);
        Code.mov(rsi, Qword(&Arguments->B));
        Code.mov(rdx, Qword(&Arguments->PanelBytes));
        Code.mov(rbp, Qword(&Arguments->Depth));
        Code.mov(r12, Qword(&Arguments->Prefetch));
        Start();
        Code.mov(r14, rbp);
        Code.shr(rbp, 2);
        Code.and(r14, StepsPerLoop - 1);
        Loop(rbp, () => Step(StepsPerLoop));
        Loop(r14, () => Step(1));
        Finish();
        Code.imul(r11, r11, Rows);
        Code.add(Qword(&Arguments->A), r11);
        Code.mov(Qword(&Arguments->Prefetch), r12);
        Repeat(nextTile);
    }

    /// <summary>Some steps of k.</summary>
    private void Step(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Code.vmovups(Weight(0), __zmmword_ptr[rsi + step * GroupBytes]);
            if (Vectors > 1)
                Code.vmovups(Weight(1), __zmmword_ptr[rsi + rdx + step * GroupBytes]);
            for (int row = 0; row < Rows; row++)
            {
                AssemblerRegisterZMM a = V(30 + row % 2);
                Code.vbroadcastss(a, Row(RowBases, r11, row, 4 * step));
                for (int vector = 0; vector < Vectors; vector++)
                    Code.vfmadd231ps(Result(row, vector), a, Weight(vector));
            }
        }
        Prefetch(r12, rdx, lines: 1);   // all of the next pass, of 2 tiles or more
        Code.add(rsi, steps * GroupBytes);
        for (int i = 0; 3 * i < Rows; i++)
            Code.add(RowBases[i], 4 * steps);
    }
}
