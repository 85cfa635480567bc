using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Assembles what <see cref="PeakProbe"/> measures: 24 independent sums of one instruction on registers, as often as the
/// 64-bit integer behind the argument says.
/// </summary>
/// <param name="int8">vpdpbusd, or else fused multiply-adds.</param>
internal sealed class PeakTile(bool int8) : TileAssembler(12, 2)
{
    /// <summary>Sums.</summary>
    public const int Sums = 24;

    protected override AssemblerRegisterZMM Result(int row, int vector) => V(row * Vectors + vector);

    protected override void Emit()
    {
        Code.mov(rax, __qword_ptr[r15]);
        for (int i = 0; i < 32; i++) Code.vpxord(V(i), V(i), V(i));
        Label next = Code.CreateLabel();
        Code.Label(ref next);
        for (int row = 0; row < Rows; row++)
            for (int vector = 0; vector < Vectors; vector++)
                if (int8) Code.vpdpbusd(Result(row, vector), V(30), V(31));
                else Code.vfmadd231ps(Result(row, vector), V(30), V(31));
        Code.dec(rax);
        Code.jnz(next);
    }
}
