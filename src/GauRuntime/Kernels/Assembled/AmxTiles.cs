using System.Runtime.InteropServices;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The AMX tiles of each thread: how many rows and bytes they have.</summary>
/// <remarks>
/// Tiles 0 to 3 hold sums, 4 and 5 rows of activations, 6 and 7 rows of weights. A thread configures them for its first
/// product, again where one has another shape, and releases them at the end of its pass: between passes it may be
/// somebody else's, and a thread without tiles is cheaper to switch. Thread-safe.
/// </remarks>
internal sealed unsafe class AmxTiles(TileCall call)
{
    /// <summary>Rows of a tile at most.</summary>
    public const int Rows = 16;

    /// <summary>Bytes of a tile's row at most.</summary>
    public const int RowBytes = 64;

    private const int ConfigurationBytes = 64;

    [ThreadStatic]
    private static int shape;   // that this thread's tiles have; 0: they are released

    [ThreadStatic]
    private static bool kept;   // in a pass, over products

    private readonly nint load = new AmxConfigurationTile(loads: true).Map();
    private readonly nint release = new AmxConfigurationTile(loads: false).Map();

    // Of every shape, and as long as the process lives, like the code.
    private readonly byte* configurations = Configurations();

    /// <summary>The tiles stay configured between products of this thread.</summary>
    public static void Begin() => kept = true;

    /// <summary>They do not any longer.</summary>
    public void End()
    {
        kept = false;
        Leave();
    }

    /// <summary>Gives this thread's tiles a shape.</summary>
    /// <param name="rows">Rows of activations, 1 … 16.</param>
    /// <param name="stepBytes">Bytes of each: 32 or 64.</param>
    public void Enter(int rows, int stepBytes)
    {
        int wanted = Shape(rows, stepBytes);
        if (shape == wanted)
            return;
        Run(load, Configuration(rows, stepBytes));
        shape = wanted;
    }

    /// <summary>A product is done.</summary>
    public void Leave()
    {
        if (kept || shape == 0)
            return;
        Run(release, null);
        shape = 0;
    }

    /// <summary>Runs a tile of code on this thread's tiles.</summary>
    public void Run(nint tile, void* arguments) => call.Run(tile, arguments);

    /// <summary>What <c>ldtilecfg</c> reads for a shape: 64 bytes.</summary>
    private byte* Configuration(int rows, int stepBytes) =>
        configurations + ConfigurationBytes * (Shape(rows, stepBytes) - 1);

    private static int Shape(int rows, int stepBytes) => 2 * rows - (stepBytes == RowBytes ? 0 : 1);

    private static byte* Configurations()
    {
        const int Palette = 1, RowBytesAt = 16, RowsAt = 48, Sums = 4, Activations = 6, Weights = 8;
        nuint bytes = ConfigurationBytes * 2 * Rows;
        byte* all = (byte*)NativeMemory.AlignedAlloc(bytes, ConfigurationBytes);
        NativeMemory.Clear(all, bytes);
        for (int rows = 1; rows <= Rows; rows++)
            foreach (int stepBytes in (ReadOnlySpan<int>)[RowBytes / 2, RowBytes])
            {
                byte* one = all + ConfigurationBytes * (Shape(rows, stepBytes) - 1);
                one[0] = Palette;
                for (int tile = 0; tile < Weights; tile++)
                {
                    bool activations = tile is >= Sums and < Activations;
                    ((ushort*)(one + RowBytesAt))[tile] = (ushort)(activations ? stepBytes : RowBytes);
                    one[RowsAt + tile] = (byte)(tile < Activations ? rows : stepBytes / sizeof(int));
                }
            }
        return all;
    }
}
