using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// What the assembled tiles share: calling convention, row addressing, constants. A tile is a function of one
/// pointer, to its arguments.
/// </summary>
/// <remarks>
/// Rows are addressed as base + {0, 1, 2} · stride from a base register per three rows, so that any number of rows with
/// any stride needs few registers. r15 holds the arguments, r12 the caller's stack pointer.
/// </remarks>
internal abstract class TileAssembler
{
    private static readonly AssemblerRegister64[] Saved = OperatingSystem.IsWindows()
        ? [rbx, rbp, r12, r13, r14, r15, rdi, rsi]
        : [rbx, rbp, r12, r13, r14, r15];

    private static readonly AssemblerRegisterXMM[] SavedVectors = OperatingSystem.IsWindows()
        ? [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15]
        : [];

    private static readonly AssemblerRegisterZMM[] Vectors =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    private readonly Dictionary<int, Label> constants = [];

    /// <summary>The instructions so far.</summary>
    protected Assembler Code { get; } = new(64);

    /// <summary>The n-th vector register.</summary>
    protected static AssemblerRegisterZMM V(int n) => Vectors[n];

    /// <summary>Assembles the tile and maps it.</summary>
    /// <returns>Its address, or 0 where the system refuses executable memory.</returns>
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
        return ExecutableMemory.Map(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>The body, with the arguments' address in r15 and 64-byte aligned <c>StackBytes</c> at rsp.</summary>
    protected abstract void Emit();

    /// <summary>Scratch on the stack, below a page.</summary>
    protected virtual int StackBytes => 0;

    /// <summary>Where 32 bits stand behind the code.</summary>
    protected Label Constant(int bits)
    {
        if (!constants.TryGetValue(bits, out Label label)) constants[bits] = label = Code.CreateLabel();
        return label;
    }

    /// <summary>Sets the base registers of rows 3, 6, … from that of row 0.</summary>
    protected void SetRowBases(ReadOnlySpan<AssemblerRegister64> bases, AssemblerRegister64 stride, int rows)
    {
        for (int i = 1; 3 * i < rows; i++)
        {
            Code.lea(bases[i], __[bases[i - 1] + stride * 2]);
            Code.add(bases[i], stride);
        }
    }

    /// <summary>Address of a row plus an offset; the caller gives it a size.</summary>
    protected static AssemblerMemoryOperand Row(
        AssemblerMemoryOperandFactory size, ReadOnlySpan<AssemblerRegister64> bases, AssemblerRegister64 stride,
        int row, int offset) => (row % 3) switch
        {
            0 => size[bases[row / 3] + offset],
            1 => size[bases[row / 3] + stride + offset],
            _ => size[bases[row / 3] + stride * 2 + offset],
        };

    private void Enter()
    {
        foreach (AssemblerRegister64 register in Saved) Code.push(register);
        if (SavedVectors.Length > 0) Code.sub(rsp, 16 * SavedVectors.Length);
        for (int i = 0; i < SavedVectors.Length; i++) Code.vmovups(__xmmword_ptr[rsp + 16 * i], SavedVectors[i]);
        Code.mov(r15, OperatingSystem.IsWindows() ? rcx : rdi);
        Code.mov(r12, rsp);
        if (StackBytes == 0) return;
        Code.sub(rsp, StackBytes);
        Code.and(rsp, -64);
    }

    private void Leave()
    {
        Code.vzeroupper();
        Code.mov(rsp, r12);
        for (int i = 0; i < SavedVectors.Length; i++) Code.vmovups(SavedVectors[i], __xmmword_ptr[rsp + 16 * i]);
        if (SavedVectors.Length > 0) Code.add(rsp, 16 * SavedVectors.Length);
        for (int i = Saved.Length - 1; i >= 0; i--) Code.pop(Saved[i]);
        Code.ret();
    }
}
