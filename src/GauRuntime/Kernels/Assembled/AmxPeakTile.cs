using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Assembles what <see cref="PeakProbe"/> measures of AMX: products of full tiles into independent sums, as often as
/// the 64-bit integer behind the argument says.
/// </summary>
internal sealed unsafe class AmxPeakTile : TileAssembler<long>
{
    /// <summary>Operations of a turn.</summary>
    public const int Operations = 6 * 2 * AmxTiles.Rows * AmxTiles.RowBytes * Tiling.Panel;

    protected override void Emit()
    {
        Code.mov(rax, Qword(Arguments));
        Label next = Code.CreateLabel();
        Code.Label(ref next);
        foreach (AssemblerRegisterTMM sum in (ReadOnlySpan<AssemblerRegisterTMM>)[tmm0, tmm1, tmm2, tmm3, tmm4, tmm5])
            Code.tdpbssd(sum, tmm6, tmm7);
        Code.dec(rax);
        Code.jnz(next);
    }
}
