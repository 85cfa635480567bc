using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>
/// The tokens of a batch whose last hidden states somebody reads. Where they are few, the last layer computes keys and
/// values of all rows, and everything else of theirs alone.
/// </summary>
/// <remarks>
/// Few rows are moved together first: row i of the last layer's second half is that of the i-th of them, not of token
/// i. Nothing that is computed depends on who else is among them. Allocates nothing once it has seen as many.
/// </remarks>
internal sealed unsafe class LastRows
{
    private int[] tokens = [], texts = [];   // [count]: which token, and of which text
    private int count, chunkRows;
    private bool chosen;

    /// <summary>Whether they are so few that they are computed apart; else the last layer is like any other.</summary>
    public bool AreFew { get; private set; }

    /// <summary>Number of chunks that few rows are cut into.</summary>
    public int ChunkCount => (count + chunkRows - 1) / chunkRows;

    /// <summary>
    /// Whether workers share the columns of the one chunk, see <see cref="BatchLayout.SharesColumns"/>.
    /// </summary>
    public bool SharesColumns { get; private set; }

    /// <summary>A chunk of few rows, whose first token is a row here.</summary>
    public Chunk this[int chunk] =>
        new(texts[chunk * chunkRows], chunk * chunkRows, Math.Min(chunkRows, count - chunk * chunkRows));

    /// <summary>All tokens of a batch are read.</summary>
    public void TakeAll() => chosen = AreFew = SharesColumns = false;

    /// <summary>Some tokens of a batch are read.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="read">Their indexes, ascending, each once; none: only the layers before are computed.</param>
    /// <param name="workers">Who compute.</param>
    /// <param name="needsAll">Whether all rows are to be computed whoever reads them.</param>
    /// <exception cref="ArgumentException">They do not ascend, or one is none of the batch's.</exception>
    public void Take(GauBatch batch, ReadOnlySpan<int> read, int workers, bool needsAll)
    {
        TakeAll();
        if (tokens.Length < read.Length)
        {
            int capacity = Math.Max(read.Length, 2 * tokens.Length);
            (tokens, texts) = (new int[capacity], new int[capacity]);
        }
        int before = -1, text = 0;
        for (int i = 0; i < read.Length; i++)
        {
            int token = read[i];
            if (token <= before || token >= batch.TokenCount)
                throw new ArgumentException(
                    $"token {token} after {before}: tokens that are read ascend, below {batch.TokenCount}",
                    nameof(read));
            while (token >= batch.Start(text) + batch.Length(text))
                text++;
            (tokens[i], texts[i], before) = (token, text, token);
        }
        (chosen, count) = (true, read.Length);
        AreFew = !needsAll && PassOperations.AreFew(count, batch.TokenCount);
        SharesColumns = AreFew && BatchLayout.SharesColumnsOf(count, workers);
        chunkRows = BatchLayout.RowsOfChunk(count, workers, SharesColumns);
    }

    /// <summary>The token of one of few rows.</summary>
    public int Token(int row) => tokens[row];

    /// <summary>The text of one of few rows.</summary>
    public int Text(int row) => texts[row];

    /// <summary>Where the last hidden state of a token is.</summary>
    /// <exception cref="InvalidOperationException">It is none of those that were to be read.</exception>
    public int Find(int token)
    {
        if (!chosen)
            return token;
        int row = tokens.AsSpan(0, count).BinarySearch(token);
        return row < 0
            ? throw new InvalidOperationException(
                $"the last hidden state of token {token} was not asked for, and may not have been computed")
            : AreFew ? row : token;
    }

    /// <summary>Moves few rows together, to the front.</summary>
    /// <param name="x">[tokens of the batch, stride].</param>
    /// <param name="stride">Row stride.</param>
    public void Gather(float* x, int stride)
    {
        // A row moves forward, to where none stands that is still to be moved.
        for (int row = 0; row < count; row++)
            if (tokens[row] != row)
                new ReadOnlySpan<float>(x + (long)tokens[row] * stride, stride)
                    .CopyTo(new Span<float>(x + (long)row * stride, stride));
    }
}
