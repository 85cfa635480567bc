namespace GauRuntime.Kernels.Assembled;

/// <summary>How assembled code is called. Tests interpret it instead.</summary>
internal unsafe class TileCall
{
    /// <summary>Runs a tile, on this thread and at once.</summary>
    /// <param name="tile">Its address.</param>
    /// <param name="arguments">Its arguments.</param>
    public virtual void Run(nint tile, void* arguments) =>
        ((delegate* unmanaged[SuppressGCTransition]<void*, void>)tile)(arguments);
}
