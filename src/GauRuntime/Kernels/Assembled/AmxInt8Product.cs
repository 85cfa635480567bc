using System.Runtime.CompilerServices;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels.Assembled;

/// <summary>The int8 product by AMX tiles: 16 rows × 64 inputs by 64 inputs × 16 columns in an instruction.</summary>
/// <remarks>
/// Up to 32 rows and two panels at once, over all of k. What is left of the rows, 16 at most, is done with those before
/// it that make it 16, which come out as they were; only a product of fewer rows has tiles of another shape.
/// </remarks>
internal sealed unsafe class AmxInt8Product(AssembledActivation activations, TileCall call) : Int8Product
{
    private const int Panel = Tiling.Panel, TileRows = AmxTiles.Rows, MostRows = 2 * TileRows;

    private const int VectorBytes = Panel * sizeof(int);

    private readonly AmxTiles registers = new(call);
    private readonly TileTable tiles = new(2, (tiles, vectors) => new AmxTile(tiles, vectors));

    /// <summary>Both factors of tdpbssd are signed.</summary>
    public override bool ShiftsActivations => false;

    public override void Begin() => AmxTiles.Begin();

    public override void End() => registers.End();

    [SkipLocalsInit]
    public override void Multiply(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation)
    {
        byte* space = stackalloc byte[MostRows * 2 * VectorBytes + VectorBytes];
        int* sums = (int*)(((nint)space + VectorBytes - 1) & -VectorBytes);
        int stepBytes = Math.Min(b.Block, AmxTiles.RowBytes);
        registers.Enter(Math.Min(rows, TileRows), stepBytes);
        for (int panel = 0; panel < panels; panel += 2)
        {
            int vectors = Math.Min(2, panels - panel);
            Int8Panels w = b.From(panel);
            float* stripe = c + panel * Panel;
            for (int end = 0; end < rows;)
            {
                int first = rows - end > TileRows ? end : Math.Max(0, rows - TileRows);
                int count = Math.Min(MostRows, rows - first);
                end = first + count;
                AmxTileArguments arguments = new()
                {
                    C = stripe + (long)first * ldc,
                    RowBytes = (nint)ldc * sizeof(float),
                    Rows = count,
                    A = a.Values + (long)first * a.Stride,
                    Lda = a.Stride,
                    SecondRows = (nint)(count - TileRows) * a.Stride,
                    W = w.Values,
                    PanelBytes = (nint)b.Stride,
                    WScales = w.Scales,
                    WScaleBytes = (nint)b.ScaleStride * sizeof(float),
                    Scales = a.Scales + first,
                    ScaleBytes = (nint)a.ScaleStride * sizeof(float),
                    Blocks = b.Blocks,
                    Steps = b.Block / stepBytes,
                    StepBytes = stepBytes,
                    Sums = sums,
                    SecondSums = (count - TileRows) * vectors * VectorBytes,
                };
                registers.Run(tiles[count > TileRows ? 2 : 1, vectors], &arguments);
            }
            activations.Apply(
                activation, stripe, ldc, rows, vectors, bias == null ? null : bias + panel * Panel);
        }
        registers.Leave();
    }
}
