using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Where a tile's results go: the first of its arguments.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TileOutput
{
    /// <summary>Size of this.</summary>
    public const int Bytes = 24;

    public float* C;            // [rows, ldc]; of the next tile afterwards
    public nint RowBytes;       // from row to row of C
    public int Accumulate;      // whether the sums go on from C: 0 or 1
    public int Tiles;           // how many tiles lie below each other; 0 afterwards
}

/// <summary>
/// What the assembled tiles share: calling convention, row addressing, constants, and what is done with the results. A
/// tile is a function of one pointer, to its arguments.
/// </summary>
/// <remarks>
/// Rows are addressed as base + {0, 1, 2} · stride from a base register per three rows, so that any number of rows with
/// any stride needs few registers. r15 holds the arguments.
/// </remarks>
internal abstract class TileAssembler(int rows, int vectors)
{
    private static readonly AssemblerRegister64[] Saved = OperatingSystem.IsWindows()
        ? [rbx, rbp, r12, r13, r14, r15, rdi, rsi]
        : [rbx, rbp, r12, r13, r14, r15];

    private static readonly AssemblerRegisterXMM[] SavedVectors = OperatingSystem.IsWindows()
        ? [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15]
        : [];

    private static readonly AssemblerRegisterZMM[] Registers =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    private readonly Dictionary<int, Label> constants = [];

    /// <summary>The instructions so far.</summary>
    protected Assembler Code { get; } = new(64);

    /// <summary>Rows of the tile.</summary>
    protected int Rows { get; } = rows;

    /// <summary>Vectors of 16 columns of the tile.</summary>
    protected int Vectors { get; } = vectors;

    /// <summary>The n-th vector register.</summary>
    public static AssemblerRegisterZMM V(int n) => Registers[n];

    /// <summary>Assembles the tile and maps it.</summary>
    /// <returns>Its address.</returns>
    /// <exception cref="InsufficientMemoryException">The system has no more executable memory.</exception>
    public nint Map()
    {
        Enter();
        Emit();
        Leave();
        foreach ((int bits, Label label) in constants)
        {
            Label here = label;
            Code.Label(ref here);
            Code.dd(bits);
        }
        using MemoryStream bytes = new();
        Code.Assemble(new StreamCodeWriter(bytes), 0);
        nint address = ExecutableMemory.Map(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return address != 0
            ? address
            : throw new InsufficientMemoryException("the system has no more executable memory");
    }

    /// <summary>The body, with the arguments' address in r15; any register but rsp is free.</summary>
    protected abstract void Emit();

    /// <summary>The register of a row's and vector's result, between <see cref="Start"/> and <see cref="Finish"/>.</summary>
    protected abstract AssemblerRegisterZMM Result(int row, int vector);

    /// <summary>Where 32 bits stand behind the code.</summary>
    protected Label Constant(int bits)
    {
        if (!constants.TryGetValue(bits, out Label label)) constants[bits] = label = Code.CreateLabel();
        return label;
    }

    /// <summary>Puts a label here, where another may follow: an instruction can have only one.</summary>
    protected void Place(Label label)
    {
        Code.Label(ref label);
        Code.nop();
    }

    /// <summary>Sets the base registers of rows 3, 6, … from that of row 0.</summary>
    protected void SetRowBases(ReadOnlySpan<AssemblerRegister64> bases, AssemblerRegister64 stride)
    {
        for (int i = 1; 3 * i < Rows; i++)
        {
            Code.lea(bases[i], __[bases[i - 1] + stride * 2]);
            Code.add(bases[i], stride);
        }
    }

    /// <summary>Four bytes of a row.</summary>
    protected static AssemblerMemoryOperand Row(
        ReadOnlySpan<AssemblerRegister64> bases, AssemblerRegister64 stride, int row, int offset) => (row % 3) switch
        {
            0 => __dword_ptr[bases[row / 3] + offset],
            1 => __dword_ptr[bases[row / 3] + stride + offset],
            _ => __dword_ptr[bases[row / 3] + stride * 2 + offset],
        };

    /// <summary>Asks for the next lines of two panels, and moves on.</summary>
    protected void Prefetch(AssemblerRegister64 line, AssemblerRegister64 panelBytes, int lines)
    {
        for (int i = 0; i < lines; i++)
        {
            Code.prefetcht1(__byte_ptr[line + 64 * i]);
            if (Vectors > 1) Code.prefetcht1(__byte_ptr[line + panelBytes + 64 * i]);
        }
        Code.add(line, 64 * lines);
    }

    /// <summary>Results start from 0, or from what C holds. Uses r13 and r14.</summary>
    protected void Start()
    {
        Label zero = Code.CreateLabel(), end = Code.CreateLabel();
        Code.cmp(__dword_ptr[r15 + 16], 0);
        Code.je(zero);
        Code.mov(r13, __qword_ptr[r15]);
        Code.mov(r14, __qword_ptr[r15 + 8]);
        for (int row = 0; row < Rows; row++)
        {
            for (int vector = 0; vector < Vectors; vector++)
                Code.vmovups(Result(row, vector), __zmmword_ptr[r13 + 64 * vector]);
            Code.add(r13, r14);
        }
        Code.jmp(end);
        Code.Label(ref zero);
        for (int row = 0; row < Rows; row++)
            for (int vector = 0; vector < Vectors; vector++)
                Code.vpxord(Result(row, vector), Result(row, vector), Result(row, vector));
        Place(end);
    }

    /// <summary>Stores the results, and goes on to the next tile's. Uses r13 and r14.</summary>
    protected void Finish()
    {
        Code.mov(r13, __qword_ptr[r15]);
        Code.mov(r14, __qword_ptr[r15 + 8]);
        for (int row = 0; row < Rows; row++)
        {
            for (int vector = 0; vector < Vectors; vector++)
                Code.vmovups(__zmmword_ptr[r13 + 64 * vector], Result(row, vector));
            Code.add(r13, r14);
        }
        Code.mov(__qword_ptr[r15], r13);
    }

    private void Enter()
    {
        foreach (AssemblerRegister64 register in Saved) Code.push(register);
        if (SavedVectors.Length > 0) Code.sub(rsp, 16 * SavedVectors.Length);
        for (int i = 0; i < SavedVectors.Length; i++) Code.vmovups(__xmmword_ptr[rsp + 16 * i], SavedVectors[i]);
        Code.mov(r15, OperatingSystem.IsWindows() ? rcx : rdi);
    }

    private void Leave()
    {
        Code.vzeroupper();
        for (int i = 0; i < SavedVectors.Length; i++) Code.vmovups(SavedVectors[i], __xmmword_ptr[rsp + 16 * i]);
        if (SavedVectors.Length > 0) Code.add(rsp, 16 * SavedVectors.Length);
        for (int i = Saved.Length - 1; i >= 0; i--) Code.pop(Saved[i]);
        Code.ret();
    }
}
