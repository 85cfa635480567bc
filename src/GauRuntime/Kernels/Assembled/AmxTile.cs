using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of an <see cref="AmxTile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AmxTileArguments
{
    public float* C;            // [rows, ldc], written
    public nint RowBytes;       // from row to row of C
    public nint Rows;
    public byte* A;             // [rows, lda] activations, not shifted
    public nint Lda;            // bytes
    public nint SecondRows;     // bytes from the first row of A to that of its second tile
    public sbyte* W;            // first panel [K / 4, 16, 4]
    public nint PanelBytes;     // to the second panel
    public float* WScales;      // [blocks, 16] of the first panel; moves on
    public nint WScaleBytes;    // to the second panel's
    public float* Scales;       // [blocks, scale bytes] of A, the first row's; moves on
    public nint ScaleBytes;     // from block to block
    public nint Blocks;         // 0 afterwards
    public nint Steps;          // of a block
    public nint StepBytes;      // of a row of A in a step: 32 or 64
    public int* Sums;           // [rows, vectors, 16], for the tile's own use
    public nint SecondSums;     // bytes from the first row's sums to those of the second tile
}

/// <summary>
/// Assembles C = A B for 1 or 2 AMX tiles of rows and 1 or 2 vectors of 16 columns, int8 blocks, with tdpbssd.
/// </summary>
/// <remarks>
/// A step takes 64 inputs, or a block of 32: rows of A as they lie, and 16 groups of four inputs of a panel, which are
/// a tile of weights as they lie. Both bytes are signed, so activations need no shift and sums no start. A block ends
/// in vectors: its sums go through the cache into fma(float(sum), scaleA · scaleW, float), the floats lying in C. Two
/// tiles of rows may overlap: the rows in common have the same sums, and are added once.
/// </remarks>
/// <param name="tiles">Tiles of rows: 1 or 2.</param>
/// <param name="vectors">Vectors of 16 columns: 1 or 2.</param>
internal sealed unsafe class AmxTile(int tiles, int vectors) : TileAssembler<AmxTileArguments>
{
    private const int VectorBytes = 64, TileRowBytes = AmxTiles.RowBytes;

    private static readonly AssemblerRegisterTMM[] Sum = [tmm0, tmm1, tmm2, tmm3];   // [tiles, vectors]
    private static readonly AssemblerRegisterTMM[] Rows = [tmm4, tmm5], Weights = [tmm6, tmm7];
    private static readonly AssemblerRegister64[] RowsAt = [rax, rbx], WeightsAt = [rsi, rdi];

    private static AssemblerRegisterZMM Scale(int vector) => V(30 + vector);

    protected override void Emit()
    {
        Code.mov(rax, Qword(&Arguments->A));
        Code.mov(r11, Qword(&Arguments->Lda));
        Code.mov(rsi, Qword(&Arguments->W));
        Code.mov(r8, Qword(&Arguments->StepBytes));
        Code.mov(r9, r8);
        Code.shl(r9, 4);   // a step's bytes of a panel
        Code.mov(r10d, TileRowBytes);
        Code.mov(edx, VectorBytes * vectors);
        if (tiles > 1)
        {
            Code.mov(rbx, rax);
            Code.add(rbx, Qword(&Arguments->SecondRows));
        }
        if (vectors > 1)
        {
            Code.mov(rdi, rsi);
            Code.add(rdi, Qword(&Arguments->PanelBytes));
        }
        ClearResults();
        Label nextBlock = Code.CreateLabel();
        Code.Label(ref nextBlock);
        for (int tile = 0; tile < tiles; tile++)
            for (int vector = 0; vector < vectors; vector++)
                Code.tilezero(Sum[2 * tile + vector]);
        Code.mov(r14, Qword(&Arguments->Steps));
        Loop(r14, Step);
        StoreSums();
        AddBlock();
        Code.dec(Qword(&Arguments->Blocks));
        Code.jnz(nextBlock);
    }

    private void ClearResults()
    {
        Code.vpxord(zmm0, zmm0, zmm0);
        EachRow(() =>
        {
            for (int vector = 0; vector < vectors; vector++)
                Code.vmovups(__zmmword_ptr[r12 + VectorBytes * vector], zmm0);
        });
    }

    private void Step()
    {
        for (int vector = 0; vector < vectors; vector++)
            Code.tileloadd(Weights[vector], __[WeightsAt[vector] + r10]);
        for (int tile = 0; tile < tiles; tile++)
            Code.tileloadd(Rows[tile], __[RowsAt[tile] + r11]);
        for (int tile = 0; tile < tiles; tile++)
            for (int vector = 0; vector < vectors; vector++)
                Code.tdpbssd(Sum[2 * tile + vector], Rows[tile], Weights[vector]);
        for (int tile = 0; tile < tiles; tile++)
            Code.add(RowsAt[tile], r8);
        for (int vector = 0; vector < vectors; vector++)
            Code.add(WeightsAt[vector], r9);
    }

    private void StoreSums()
    {
        Code.mov(rcx, Qword(&Arguments->Sums));
        for (int tile = 0; tile < tiles; tile++)
        {
            if (tile > 0)
                Code.add(rcx, Qword(&Arguments->SecondSums));
            for (int vector = 0; vector < vectors; vector++)
                Code.tilestored(__[rcx + rdx + VectorBytes * vector], Sum[2 * tile + vector]);
        }
    }

    private void AddBlock()
    {
        Code.mov(rcx, Qword(&Arguments->WScales));
        for (int vector = 0; vector < vectors; vector++)
        {
            if (vector > 0)
                Code.add(rcx, Qword(&Arguments->WScaleBytes));
            Code.vmovups(Scale(vector), __zmmword_ptr[rcx]);
        }
        Code.add(Qword(&Arguments->WScales), VectorBytes);
        Code.mov(rcx, Qword(&Arguments->Sums));
        Code.mov(rbp, Qword(&Arguments->Scales));
        EachRow(() =>
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                AssemblerRegisterZMM sum = V(vector), result = V(2 + vector);
                Code.vcvtdq2ps(sum, __zmmword_ptr[rcx + VectorBytes * vector]);
                Code.vmulps(result, Scale(vector), __dword_bcst[rbp]);
                Code.vfmadd213ps(result, sum, __zmmword_ptr[r12 + VectorBytes * vector]);
                Code.vmovups(__zmmword_ptr[r12 + VectorBytes * vector], result);
            }
            Code.add(rcx, rdx);
            Code.add(rbp, sizeof(float));
        });
        Code.mov(rcx, Qword(&Arguments->ScaleBytes));
        Code.add(Qword(&Arguments->Scales), rcx);
    }

    /// <summary>For every row, with r12 at its first column of C. Uses r13 and r14.</summary>
    private void EachRow(Action body)
    {
        Code.mov(r12, Qword(&Arguments->C));
        Code.mov(r13, Qword(&Arguments->RowBytes));
        Code.mov(r14, Qword(&Arguments->Rows));
        Loop(r14, () =>
        {
            body();
            Code.add(r12, r13);
        });
    }
}
