using System.Runtime.InteropServices;

namespace GauRuntime.Threads;

/// <summary>A number that many threads write, alone on its cache lines (and those that are prefetched with it).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedCounter
{
    [FieldOffset(128)]
    public int Value;
}
