using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Where a tile's results go: the first of its arguments.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TileOutput
{
    public float* C;            // [rows, ldc]; of the next tile afterwards
    public nint RowBytes;       // from row to row of C
    public int Accumulate;      // whether the sums go on from C: 0 or 1
    public int Tiles;           // how many tiles lie below each other; 0 afterwards
    public int AsksTwice;       // whether it asks for twice the lines of what will be wanted next: 0 or 1
}

/// <summary>What the tiles of products share: row addressing, and what is done with the results.</summary>
/// <remarks>
/// Rows are addressed as base + {0, 1, 2} · stride from a base register per three rows, so that any number of rows with
/// any stride needs few registers.
/// </remarks>
/// <typeparam name="TArguments">Begins with a <see cref="TileOutput"/>.</typeparam>
internal abstract unsafe class ProductTile<TArguments>(int rows, int vectors) : TileAssembler<TArguments>
    where TArguments : unmanaged
{
    private static readonly TileOutput* Output = (TileOutput*)Arguments;

    /// <summary>Rows of the tile.</summary>
    protected int Rows { get; } = rows;

    /// <summary>Vectors of 16 columns of the tile.</summary>
    protected int Vectors { get; } = vectors;

    /// <summary>
    /// The register of a row's and vector's result, between <see cref="Start"/> and <see cref="Finish"/>.
    /// </summary>
    protected abstract AssemblerRegisterZMM Result(int row, int vector);

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

    /// <summary>
    /// Asks for the next lines of two panels, and moves on; for as many again where <see cref="TileOutput.AsksTwice"/>.
    /// </summary>
    protected void Prefetch(AssemblerRegister64 line, AssemblerRegister64 panelBytes, int lines)
    {
        Label end = Code.CreateLabel();
        Ask(line, panelBytes, lines);
        Code.cmp(Dword(&Output->AsksTwice), 0);
        Code.je(end);
        Ask(line, panelBytes, lines);
        Place(end);
    }

    private void Ask(AssemblerRegister64 line, AssemblerRegister64 panelBytes, int lines)
    {
        for (int i = 0; i < lines; i++)
        {
            Code.prefetcht1(__byte_ptr[line + 64 * i]);
            if (Vectors > 1)
                Code.prefetcht1(__byte_ptr[line + panelBytes + 64 * i]);
        }
        Code.add(line, 64 * lines);
    }

    /// <summary>Results start from 0, or from what C holds. Uses r13 and r14.</summary>
    protected void Start()
    {
        Label zero = Code.CreateLabel(), end = Code.CreateLabel();
        Code.cmp(Dword(&Output->Accumulate), 0);
        Code.je(zero);
        Code.mov(r13, Qword(&Output->C));
        Code.mov(r14, Qword(&Output->RowBytes));
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

    /// <summary>Stores the results, where the next tile's lie below them. Uses r13 and r14.</summary>
    protected void Finish()
    {
        Code.mov(r13, Qword(&Output->C));
        Code.mov(r14, Qword(&Output->RowBytes));
        for (int row = 0; row < Rows; row++)
        {
            for (int vector = 0; vector < Vectors; vector++)
                Code.vmovups(__zmmword_ptr[r13 + 64 * vector], Result(row, vector));
            Code.add(r13, r14);
        }
        Code.mov(Qword(&Output->C), r13);
    }

    /// <summary>Goes to the next tile while there is one.</summary>
    protected void Repeat(Label nextTile)
    {
        Code.dec(Dword(&Output->Tiles));
        Code.jnz(nextTile);
    }
}
