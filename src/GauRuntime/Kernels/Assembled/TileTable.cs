using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The assembled tiles, each made when it is first wanted.</summary>
/// <remarks>Thread-safe. Looking a tile up allocates nothing.</remarks>
internal sealed unsafe class TileTable
{
    private const int Activations = 3, Rows = 16;

    private readonly nint[] tiles = new nint[Rows * 2 * 3 * 2 * 2 * Activations];
    private readonly Lock making = new();

    /// <summary>The tile of these properties.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more executable memory.</exception>
    public delegate* unmanaged[SuppressGCTransition]<Int8TileArguments*, void> Int8(
        int rows, int vectors, int block, bool starts, bool accumulate, Activation activation)
    {
        int index = Index(rows, vectors, accumulate, activation, block / 64, starts);
        nint tile = Volatile.Read(ref tiles[index]);
        if (tile == 0) tile = Make(index, new Int8Tile(rows, vectors, block, starts, accumulate, activation));
        return (delegate* unmanaged[SuppressGCTransition]<Int8TileArguments*, void>)tile;
    }

    /// <summary>The tile of these properties.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more executable memory.</exception>
    public delegate* unmanaged[SuppressGCTransition]<FloatTileArguments*, void> Float(
        int rows, int vectors, bool accumulate, Activation activation)
    {
        int index = Index(rows, vectors, accumulate, activation, 0, false);
        nint tile = Volatile.Read(ref tiles[index]);
        if (tile == 0) tile = Make(index, new FloatTile(rows, vectors, accumulate, activation));
        return (delegate* unmanaged[SuppressGCTransition]<FloatTileArguments*, void>)tile;
    }

    private static int Index(int rows, int vectors, bool accumulate, Activation activation, int block, bool starts) =>
        ((((block * 2 + (starts ? 1 : 0)) * 2 + (accumulate ? 1 : 0)) * Activations + (int)activation) * 2
            + vectors - 1) * Rows + rows;

    private nint Make(int index, TileAssembler tile)
    {
        lock (making)
        {
            if (tiles[index] != 0) return tiles[index];
            nint address = tile.Map();
            if (address == 0) throw new OutOfMemoryException("the system has no more executable memory");
            Volatile.Write(ref tiles[index], address);
            return address;
        }
    }
}
