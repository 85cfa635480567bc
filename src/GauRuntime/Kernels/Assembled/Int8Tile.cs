using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of an <see cref="Int8Tile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Int8TileArguments
{
    public TileOutput Output;
    // [rows, lda] activations, shifted by 128 where the tile has starts; the next's afterwards
    public byte* A;
    public nint Lda;            // bytes
    public sbyte* W;            // first panel [K / 4, 16, 4]
    public nint PanelBytes;     // to the second panel
    public float* WScales;      // [blocks, 16] of the first panel
    public nint WScaleBytes;    // to the second panel's
    public short* Sums;         // [blocks, 16] of the first panel, where the tile has starts
    public nint SumBytes;       // to the second panel's
    public float* Scales;       // [blocks, scale bytes] of A; the first row's
    public nint ScaleBytes;     // from block to block
    public nint Blocks;
    public void* Prefetch;      // what will be wanted next: the first of two panels PanelBytes apart
}

/// <summary>
/// Assembles C = A B or C = C + A B for up to 7 rows and 2 vectors of 16 columns, int8 blocks, with vpdpbusd.
/// </summary>
/// <remarks>
/// Per block: every sum starts from its column's −128 · Σ w, runs over the block, and is added to a float by
/// fma(float(sum), scaleA · scaleW, float). Sums start <see cref="ExpSeries.MagicBits"/> higher, so that they become
/// floats by a subtraction, which unlike a conversion does not wait for the multipliers everywhere; exact, as sums of
/// 256 products are below 2²². 14 sums, as many floats, 2 vectors of weights, a broadcast activation and the magic
/// number fill the 32 registers. More rows, with their floats in memory, were slower: the end of a block then takes too
/// long to overlap with the next.
/// </remarks>
internal sealed unsafe class Int8Tile(int rows, int vectors, int block, bool starts)
    : ProductTile<Int8TileArguments>(rows, vectors)
{
    /// <summary>Most rows of a tile.</summary>
    public const int MaxRows = 7;

    private const int StepsPerLoop = 8, GroupBytes = 64, PanelColumns = Tiling.Panel;

    private static readonly AssemblerRegister64[] RowBases = [rax, r8, r9];

    private static AssemblerRegisterZMM Temporary => V(30);

    private static AssemblerRegisterZMM Magic => V(31);

    private AssemblerRegisterZMM Sum(int row, int vector) => V(row * Vectors + vector);

    private static AssemblerRegisterZMM Weight(int vector) => V(28 + vector);

    protected override AssemblerRegisterZMM Result(int row, int vector) => V(14 + row * Vectors + vector);

    protected override void Emit()
    {
        Label nextTile = Code.CreateLabel();
        Code.vbroadcastss(Magic, __dword_ptr[Constant(ExpSeries.MagicBits)]);
        Code.Label(ref nextTile);
        Code.mov(rax, Qword(&Arguments->A));
        Code.mov(r11, Qword(&Arguments->Lda));
        SetRowBases(RowBases, r11);
        Code.mov(rsi, Qword(&Arguments->W));
        Code.mov(rdx, Qword(&Arguments->PanelBytes));
        Code.mov(rcx, Qword(&Arguments->WScales));
        Code.mov(r10, Qword(&Arguments->WScaleBytes));
        Code.mov(rdi, Qword(&Arguments->Scales));
        Code.mov(rbp, Qword(&Arguments->Blocks));
        Code.mov(r12, Qword(&Arguments->Prefetch));
        Start();
        Code.mov(r13, Qword(&Arguments->Sums));
        Code.mov(rbx, Qword(&Arguments->SumBytes));
        Label nextBlock = Code.CreateLabel();
        Code.Label(ref nextBlock);
        StartSums();
        MultiplyBlock();
        AddBlock();
        Code.dec(rbp);
        Code.jnz(nextBlock);
        Finish();
        Code.imul(r11, r11, Rows);
        Code.add(Qword(&Arguments->A), r11);
        Code.add(Qword(&Arguments->Scales), 4 * Rows);
        Code.mov(Qword(&Arguments->Prefetch), r12);
        Repeat(nextTile);
    }

    private void StartSums()
    {
        for (int vector = 0; vector < Vectors && starts; vector++)
        {
            AssemblerRegisterZMM first = Sum(0, vector);
            Code.vpmovsxwd(first, vector == 0 ? __ymmword_ptr[r13] : __ymmword_ptr[r13 + rbx]);
            Code.vpslld(first, first, 7);
            Code.vpsubd(first, Magic, first);
        }
        if (starts)
            Code.add(r13, PanelColumns * sizeof(short));
        for (int vector = 0; vector < Vectors; vector++)
            for (int row = starts ? 1 : 0; row < Rows; row++)
                Code.vmovdqa32(Sum(row, vector), starts ? Sum(0, vector) : Magic);
    }

    private void MultiplyBlock()
    {
        int loops = block / 4 / StepsPerLoop;
        Label nextSteps = Code.CreateLabel();
        if (loops > 1)
        {
            Code.mov(r14d, loops);
            Code.Label(ref nextSteps);
        }
        for (int step = 0; step < StepsPerLoop; step++)
        {
            Code.vmovdqu8(Weight(0), __zmmword_ptr[rsi + step * GroupBytes]);
            if (Vectors > 1)
                Code.vmovdqu8(Weight(1), __zmmword_ptr[rsi + rdx + step * GroupBytes]);
            for (int row = 0; row < Rows; row++)
            {
                Code.vpbroadcastd(Temporary, Row(RowBases, r11, row, 4 * step));
                for (int vector = 0; vector < Vectors; vector++)
                    Code.vpdpbusd(Sum(row, vector), Temporary, Weight(vector));
            }
        }
        Prefetch(r12, rdx, lines: 2);   // all of the next pass, of 2 tiles or more
        Code.add(rsi, StepsPerLoop * GroupBytes);
        for (int i = 0; 3 * i < Rows; i++)
            Code.add(RowBases[i], 4 * StepsPerLoop);
        if (loops == 1)
            return;
        Code.dec(r14d);
        Code.jnz(nextSteps);
    }

    private void AddBlock()
    {
        for (int vector = 0; vector < Vectors; vector++)
            Code.vmovups(Weight(vector), vector == 0 ? __zmmword_ptr[rcx] : __zmmword_ptr[rcx + r10]);
        for (int row = 0; row < Rows; row++)
            for (int vector = 0; vector < Vectors; vector++)
            {
                Code.vsubps(Sum(row, vector), Sum(row, vector), Magic);
                Code.vmulps(Temporary, Weight(vector), __dword_bcst[rdi + 4 * row]);
                Code.vfmadd231ps(Result(row, vector), Sum(row, vector), Temporary);
            }
        Code.add(rcx, PanelColumns * sizeof(float));
        Code.add(rdi, Qword(&Arguments->ScaleBytes));
    }
}
