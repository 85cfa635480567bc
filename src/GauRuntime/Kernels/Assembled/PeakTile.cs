using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Assembles what <see cref="PeakProbe"/> measures: 24 independent sums of one instruction on registers, as often as
/// the 64-bit integer behind the argument says.
/// </summary>
/// <param name="int8">vpdpbusd, or else fused multiply-adds.</param>
internal sealed unsafe class PeakTile(bool int8) : TileAssembler<long>
{
    /// <summary>Sums.</summary>
    public const int Sums = 24;

    protected override void Emit()
    {
        Code.mov(rax, Qword(Arguments));
        for (int i = 0; i < 32; i++)
            Code.vpxord(V(i), V(i), V(i));
        Label next = Code.CreateLabel();
        Code.Label(ref next);
        for (int i = 0; i < Sums; i++)
            if (int8)
                Code.vpdpbusd(V(i), V(30), V(31));
            else
                Code.vfmadd231ps(V(i), V(30), V(31));
        Code.dec(rax);
        Code.jnz(next);
    }
}
