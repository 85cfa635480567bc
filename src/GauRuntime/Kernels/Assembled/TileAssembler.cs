using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// What the assembled tiles share: calling convention and constants. A tile is a function of one pointer, to its
/// arguments, which r15 holds (<see cref="TileAssembler{TArguments}"/>).
/// </summary>
internal abstract class TileAssembler
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

    /// <summary>Where 32 bits stand behind the code.</summary>
    protected Label Constant(int bits)
    {
        if (!constants.TryGetValue(bits, out Label label))
            constants[bits] = label = Code.CreateLabel();
        return label;
    }

    /// <summary>Runs the body as often as <paramref name="counter"/> says, which is 0 afterwards.</summary>
    protected void Loop(AssemblerRegister64 counter, Action body)
    {
        Label next = Code.CreateLabel(), end = Code.CreateLabel();
        Code.test(counter, counter);
        Code.jz(end);
        Code.Label(ref next);
        body();
        Code.dec(counter);
        Code.jnz(next);
        Place(end);
    }

    /// <summary>Puts a label here, where another may follow: an instruction can have only one.</summary>
    protected void Place(Label label)
    {
        Code.Label(ref label);
        Code.nop();
    }

    /// <summary>
    /// Combines the 16 lanes of a vector, lane i with i + 8, then + 4, + 2, + 1 as <see cref="Reduction"/> does; every
    /// lane then holds the result.
    /// </summary>
    /// <param name="value">The vector.</param>
    /// <param name="temporary">A register to use.</param>
    /// <param name="combine">The instruction, which must be commutative.</param>
    protected void Fold(
        AssemblerRegisterZMM value, AssemblerRegisterZMM temporary,
        Action<AssemblerRegisterZMM, AssemblerRegisterZMM, AssemblerRegisterZMM> combine)
    {
        const byte Pairs = 0b01_00_11_10, Neighbours = 0b10_11_00_01;
        Code.vshuff64x2(temporary, value, value, Pairs);
        combine(value, value, temporary);
        Code.vshuff64x2(temporary, value, value, Neighbours);
        combine(value, value, temporary);
        Code.vpermilps(temporary, value, Pairs);
        combine(value, value, temporary);
        Code.vpermilps(temporary, value, Neighbours);
        combine(value, value, temporary);
    }

    private void Enter()
    {
        foreach (AssemblerRegister64 register in Saved)
            Code.push(register);
        if (SavedVectors.Length > 0)
            Code.sub(rsp, 16 * SavedVectors.Length);
        for (int i = 0; i < SavedVectors.Length; i++)
            Code.vmovups(__xmmword_ptr[rsp + 16 * i], SavedVectors[i]);
        Code.mov(r15, OperatingSystem.IsWindows() ? rcx : rdi);
    }

    private void Leave()
    {
        Code.vzeroupper();
        for (int i = 0; i < SavedVectors.Length; i++)
            Code.vmovups(SavedVectors[i], __xmmword_ptr[rsp + 16 * i]);
        if (SavedVectors.Length > 0)
            Code.add(rsp, 16 * SavedVectors.Length);
        for (int i = Saved.Length - 1; i >= 0; i--)
            Code.pop(Saved[i]);
        Code.ret();
    }
}
