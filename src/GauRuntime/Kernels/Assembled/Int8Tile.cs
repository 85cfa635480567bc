using System.Runtime.InteropServices;
using GauRuntime.Weights.ModelFile;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of an <see cref="Int8Tile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Int8TileArguments
{
    public byte* A;             // [rows, lda] activations, shifted by 128 where the tile has starts
    public nint Lda;            // bytes
    public sbyte* W;            // first panel [K / 4, 16, 4]
    public nint PanelBytes;     // to the second panel
    public byte* Headers;       // [blocks] of starts [vectors, 16] ints, if any, then scales [vectors, 16] floats
    public float* Scales;       // [blocks, ldScales] of A; the first row's
    public nint ScaleBytes;     // from block to block
    public nint Blocks;
    public float* C;            // [rows, ldc]
    public nint RowBytes;       // from row to row of C
}

/// <summary>
/// Assembles C = act(A B) or C += A B for up to 12 rows and 2 vectors of 16 columns, int8 blocks, with vpdpbusd.
/// </summary>
/// <remarks>
/// Per block: every sum starts from its column's −128 · Σ w, runs over the block, and is added to a float sum
/// in the L1 cache by fma(float(sum), scaleA · scaleW, sum). 24 integer sums, 2 vectors of weights and broadcast
/// activations fill the 32 registers.
/// </remarks>
internal sealed class Int8Tile(int rows, int vectors, int block, bool starts, bool accumulate, Activation activation)
    : TileAssembler
{
    /// <summary>Most rows of a tile.</summary>
    public const int MaxRows = 12;

    private const int StepsPerLoop = 8, GroupBytes = 64;

    private static readonly AssemblerRegister64[] RowBases = [rax, r8, r9, r10];

    protected override int StackBytes => rows * vectors * 64;

    private AssemblerRegisterZMM Sum(int row, int vector) => V(row * vectors + vector);

    private static AssemblerRegisterZMM Weight(int vector) => V(24 + vector);

    private static AssemblerRegisterZMM Temporary(int n) => V(26 + n % 6);

    private AssemblerMemoryOperand Partial(int row, int vector) => __zmmword_ptr[rsp + 64 * (row * vectors + vector)];

    protected override void Emit()
    {
        Code.mov(rax, __qword_ptr[r15]);
        Code.mov(r11, __qword_ptr[r15 + 8]);
        SetRowBases(RowBases, r11, rows);
        Code.mov(rsi, __qword_ptr[r15 + 16]);
        Code.mov(rdx, __qword_ptr[r15 + 24]);
        Code.mov(rcx, __qword_ptr[r15 + 32]);
        Code.mov(rdi, __qword_ptr[r15 + 40]);
        Code.mov(rbx, __qword_ptr[r15 + 48]);
        Code.mov(rbp, __qword_ptr[r15 + 56]);
        Start();
        Label nextBlock = Code.CreateLabel();
        Code.Label(ref nextBlock);
        StartSums();
        MultiplyBlock();
        AddBlock();
        Code.dec(rbp);
        Code.jnz(nextBlock);
        Finish();
    }

    /// <summary>The float sums: 0, or what C holds.</summary>
    private void Start()
    {
        if (!accumulate)
        {
            Code.vpxord(V(0), V(0), V(0));
            for (int i = 0; i < rows * vectors; i++) Code.vmovups(__zmmword_ptr[rsp + 64 * i], V(0));
            return;
        }
        Code.mov(r13, __qword_ptr[r15 + 64]);
        Code.mov(r14, __qword_ptr[r15 + 72]);
        for (int row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                Code.vmovups(V(vector), __zmmword_ptr[r13 + 64 * vector]);
                Code.vmovups(Partial(row, vector), V(vector));
            }
            Code.add(r13, r14);
        }
    }

    private void StartSums()
    {
        for (int vector = 0; vector < vectors; vector++)
        {
            if (starts) Code.vmovdqu32(Sum(0, vector), __zmmword_ptr[rcx + 64 * vector]);
            for (int row = starts ? 1 : 0; row < rows; row++)
                if (starts) Code.vmovdqa32(Sum(row, vector), Sum(0, vector));
                else Code.vpxord(Sum(row, vector), Sum(row, vector), Sum(row, vector));
        }
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
            if (vectors > 1) Code.vmovdqu8(Weight(1), __zmmword_ptr[rsi + rdx + step * GroupBytes]);
            for (int row = 0; row < rows; row++)
            {
                AssemblerRegisterZMM a = Temporary(row);
                Code.vpbroadcastd(a, Row(__dword_ptr, RowBases, r11, row, 4 * step));
                for (int vector = 0; vector < vectors; vector++) Code.vpdpbusd(Sum(row, vector), a, Weight(vector));
            }
        }
        Code.add(rsi, StepsPerLoop * GroupBytes);
        for (int i = 0; 3 * i < rows; i++) Code.add(RowBases[i], 4 * StepsPerLoop);
        if (loops == 1) return;
        Code.dec(r14d);
        Code.jnz(nextSteps);
    }

    private void AddBlock()
    {
        int scales = starts ? 64 * vectors : 0;
        for (int vector = 0; vector < vectors; vector++)
            Code.vmovups(Weight(vector), __zmmword_ptr[rcx + scales + 64 * vector]);
        for (int row = 0; row < rows; row++)
            for (int vector = 0; vector < vectors; vector++)
            {
                AssemblerRegisterZMM sum = Sum(row, vector), scale = Temporary(row * vectors + vector);
                Code.vcvtdq2ps(sum, sum);
                Code.vmulps(scale, Weight(vector), __dword_bcst[rdi + 4 * row]);
                Code.vfmadd213ps(sum, scale, Partial(row, vector));
                Code.vmovups(Partial(row, vector), sum);
            }
        Code.add(rcx, scales + 64 * vectors);
        Code.add(rdi, rbx);
    }

    private void Finish()
    {
        Code.mov(r13, __qword_ptr[r15 + 64]);
        Code.mov(r14, __qword_ptr[r15 + 72]);
        ActivationCode epilogue = new(Code, activation, Constant);
        for (int row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                int n = row * vectors + vector;
                Code.vmovups(Sum(row, vector), Partial(row, vector));
                epilogue.Emit(
                    Sum(row, vector), V(24 + n % 2 * 4), V(25 + n % 2 * 4), V(26 + n % 2 * 4), V(27 + n % 2 * 4));
                Code.vmovups(__zmmword_ptr[r13 + 64 * vector], Sum(row, vector));
            }
            Code.add(r13, r14);
        }
    }
}
