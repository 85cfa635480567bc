using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Assembles what configures this thread's AMX tiles from 64 bytes, or else releases them.</summary>
internal sealed class AmxConfigurationTile(bool loads) : TileAssembler
{
    protected override void Emit()
    {
        if (loads)
            Code.ldtilecfg(__[r15]);
        else
            Code.tilerelease();
    }
}
