namespace GauRuntime.Kernels.Assembled;

/// <summary>The assembled tiles of one kind, by their rows and vectors.</summary>
/// <remarks>
/// All are made together, before the first pass: none is made, and nothing allocated, while texts run. Thread-safe.
/// </remarks>
internal sealed unsafe class TileTable
{
    private readonly int maxRows;
    private readonly nint[] tiles;   // [vectors, rows]

    /// <summary>Assembles the tiles of 1 … <paramref name="maxRows"/> rows and 1 or 2 vectors.</summary>
    /// <exception cref="InsufficientMemoryException">The system has no more executable memory.</exception>
    public TileTable(int maxRows, Func<int, int, TileAssembler> create)
    {
        this.maxRows = maxRows;
        tiles = new nint[2 * maxRows];
        for (int vectors = 1; vectors <= 2; vectors++)
            for (int rows = 1; rows <= maxRows; rows++)
                tiles[(vectors - 1) * maxRows + rows - 1] = create(rows, vectors).Map();
    }

    /// <summary>The tile of some rows and vectors: a function of a pointer to its arguments.</summary>
    public nint this[int rows, int vectors] => tiles[(vectors - 1) * maxRows + rows - 1];

    /// <summary>Runs tiles of at most two sizes, one row apart, over any number of rows.</summary>
    /// <param name="arguments">A tile's arguments, of which the output is the first.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="vectors">Vectors: 1 or 2.</param>
    public void Run(TileOutput* arguments, int rows, int vectors)
    {
        int count = (rows + maxRows - 1) / maxRows, size = rows / count, larger = rows % count;
        // So that 2 or 3 tiles ask for all of the next pass, as 4 do; one would only wait for what it asks for.
        arguments->AsksTwice = count is 2 or 3 ? 1 : 0;
        RunEqual(arguments, size + 1, vectors, larger);
        RunEqual(arguments, size, vectors, count - larger);
    }

    private void RunEqual(TileOutput* arguments, int rows, int vectors, int count)
    {
        if (count == 0)
            return;
        arguments->Tiles = count;
        ((delegate* unmanaged[SuppressGCTransition]<TileOutput*, void>)this[rows, vectors])(arguments);
    }
}
