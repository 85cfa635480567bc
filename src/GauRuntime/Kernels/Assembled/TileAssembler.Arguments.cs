using System.Runtime.CompilerServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>A tile with arguments of a type, whose fields it finds where the compiler has put them.</summary>
internal abstract unsafe class TileAssembler<TArguments> : TileAssembler
    where TArguments : unmanaged
{
    /// <summary>Arguments whose fields are only there to have addresses.</summary>
    protected static readonly TArguments* Arguments =
        (TArguments*)RuntimeHelpers.AllocateTypeAssociatedMemory(typeof(TArguments), sizeof(TArguments));

    /// <summary>The operand of a field of 8 bytes.</summary>
    /// <param name="field">Its address in <see cref="Arguments"/>.</param>
    protected static AssemblerMemoryOperand Qword(void* field) => __qword_ptr[r15 + Offset(field)];

    /// <summary>The operand of a field of 4 bytes.</summary>
    /// <param name="field">Its address in <see cref="Arguments"/>.</param>
    protected static AssemblerMemoryOperand Dword(void* field) => __dword_ptr[r15 + Offset(field)];

    /// <summary>The operand of a field of 4 bytes that becomes a vector of equal numbers.</summary>
    /// <param name="field">Its address in <see cref="Arguments"/>.</param>
    protected static AssemblerMemoryOperand Broadcast(void* field) => __dword_bcst[r15 + Offset(field)];

    private static int Offset(void* field) => (int)((byte*)field - (byte*)Arguments);
}
