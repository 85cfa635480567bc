using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>Rows of a batch that a worker takes through a layer at once.</summary>
/// <param name="FirstText">Text of the first row.</param>
/// <param name="FirstToken">The first row.</param>
/// <param name="Rows">
/// At most <see cref="BatchLayout.ChunkRows"/>: of one text, or several whole texts; of <see cref="LastRows"/> any.
/// </param>
internal readonly record struct Chunk(int FirstText, int FirstToken, int Rows);

/// <summary>How a batch is cut into chunks, and where the keys of its texts lie.</summary>
/// <remarks>
/// Nothing that is computed depends on the cuts. Allocates nothing once it has seen a batch as large.
/// </remarks>
internal sealed class BatchLayout
{
    /// <summary>
    /// Most rows of a chunk: the weights that pass by are used often enough, and the buffers stay in the L2 cache.
    /// </summary>
    public const int ChunkRows = 128;

    /// <summary>
    /// Keys per block of quantized values, from the first key of a text on. A text is cut at multiples of it.
    /// </summary>
    public const int KeyBlock = 64;

    /// <summary>
    /// Floats that rows of a buffer lie further apart than their columns need: the rows of a stripe, 768 or 1536 floats
    /// apart, would share few sets of the L1 cache.
    /// </summary>
    public const int RowSkew = 16;

    private Chunk[] chunks = new Chunk[16];
    private int[] keyStarts = new int[17];

    /// <summary>The chunks, in the order of their rows.</summary>
    public ReadOnlySpan<Chunk> Chunks => chunks.AsSpan(0, ChunkCount);

    /// <summary>Number of chunks.</summary>
    public int ChunkCount { get; private set; }

    /// <summary>
    /// Whether workers share the columns of matrices rather than chunks: the rows of all texts are then in one chunk.
    /// </summary>
    public bool SharesColumns { get; private set; }

    /// <summary>Keys of all texts, each text's rounded up to whole blocks.</summary>
    public int KeyCount { get; private set; }

    /// <summary>Where a text's keys start, a multiple of <see cref="KeyBlock"/>.</summary>
    public int KeyStart(int text) => keyStarts[text];

    /// <summary>A text's keys rounded up to whole blocks.</summary>
    public int KeyCapacity(int text) => keyStarts[text + 1] - keyStarts[text];

    /// <summary>A number of keys rounded up to whole blocks.</summary>
    public static int PadKeys(int keys) => (int)PadKeys((long)keys);

    /// <inheritdoc cref="PadKeys(int)"/>
    public static long PadKeys(long keys) => (keys + KeyBlock - 1) / KeyBlock * KeyBlock;

    /// <summary>Lays a batch out.</summary>
    /// <param name="batch">The texts.</param>
    /// <param name="workers">Who share the chunks: a short batch is cut more finely for them.</param>
    public void Plan(GauBatch batch, int workers)
    {
        if (batch.Count + 1 > keyStarts.Length)
            keyStarts = new int[Math.Max(batch.Count + 1, 2 * keyStarts.Length)];
        SharesColumns = SharesColumnsOf(batch.TokenCount, workers);
        int rows = RowsOfChunk(batch.TokenCount, workers, SharesColumns);
        ChunkCount = 0;
        KeyCount = 0;
        Chunk open = default;
        for (int text = 0; text < batch.Count; text++)
        {
            int start = batch.Start(text), n = batch.Length(text);
            keyStarts[text] = KeyCount;
            KeyCount = checked(KeyCount + PadKeys(n));
            if (open.Rows + n <= rows)
            {
                open = open.Rows == 0 ? new Chunk(text, start, n) : open with { Rows = open.Rows + n };
                continue;
            }
            if (open.Rows > 0)
                Add(open);
            int row = 0;
            for (; n - row > rows; row += rows)
                Add(new Chunk(text, start + row, rows));
            open = new Chunk(text, start + row, n - row);
            // Others may join only a text that is whole.
            if (row == 0)
                continue;
            Add(open);
            open = default;
        }
        keyStarts[batch.Count] = KeyCount;
        if (open.Rows > 0)
            Add(open);
    }

    /// <summary>Whether so many rows are one chunk whose columns the workers share.</summary>
    public static bool SharesColumnsOf(int rows, int workers) => rows <= ChunkRows && RowsLeaveIdle(rows, workers);

    /// <summary>Most rows of a chunk, of so many.</summary>
    public static int RowsOfChunk(int rows, int workers, bool sharesColumns) =>
        workers > 1 && !sharesColumns && rows < workers * ChunkRows ? KeyBlock : ChunkRows;

    /// <summary>
    /// Whether chunks of rows would keep the workers busy for less than nine tenths of the time, which is about what
    /// sharing columns costs.
    /// </summary>
    private static bool RowsLeaveIdle(int tokens, int workers)
    {
        int chunks = (tokens + KeyBlock - 1) / KeyBlock, turns = (chunks + workers - 1) / workers;
        return workers > 1 && 10 * tokens < 9L * turns * workers * KeyBlock;
    }

    private void Add(Chunk chunk)
    {
        if (ChunkCount == chunks.Length)
            Array.Resize(ref chunks, 2 * chunks.Length);
        chunks[ChunkCount++] = chunk;
    }
}
