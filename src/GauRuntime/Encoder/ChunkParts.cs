namespace GauRuntime.Encoder;

/// <summary>Rows of one text in a chunk.</summary>
/// <param name="Text">The text.</param>
/// <param name="FirstRow">The first row in the text.</param>
/// <param name="Rows">Rows, one behind the other but where they are <see cref="LastRows"/>.</param>
/// <param name="Offset">The first row in the chunk.</param>
internal readonly record struct ChunkPart(int Text, int FirstRow, int Rows, int Offset);

/// <summary>The texts of a chunk, one after the other, each in parts of at most so many rows.</summary>
/// <param name="batch">The texts.</param>
/// <param name="chunk">The chunk.</param>
/// <param name="most">Most rows of a part.</param>
/// <param name="few">Where the chunk's rows are some of a batch's, else null.</param>
internal readonly struct ChunkParts(
    GauBatch batch, Chunk chunk, int most = BatchLayout.ChunkRows, LastRows? few = null)
{
    /// <summary>For foreach, which allocates nothing.</summary>
    public Enumerator GetEnumerator() => new(batch, chunk, most, few);

    /// <summary>Walks over the parts.</summary>
    public struct Enumerator(GauBatch batch, Chunk chunk, int most, LastRows? few)
    {
        private int text = chunk.FirstText, next;

        public ChunkPart Current { get; private set; }

        public bool MoveNext()
        {
            if (next == chunk.Rows)
                return false;
            if (few is not null)
                return MoveNext(few);
            int row = chunk.FirstToken + next - batch.Start(text), left = batch.Length(text) - row;
            Current = new ChunkPart(text, row, Math.Min(Math.Min(left, most), chunk.Rows - next), next);
            next += Current.Rows;
            if (Current.Rows == left)
                text++;
            return true;
        }

        private bool MoveNext(LastRows few)
        {
            int first = chunk.FirstToken + next, end = Math.Min(first + most, chunk.FirstToken + chunk.Rows);
            int row = first;
            text = few.Text(first);
            while (row < end && few.Text(row) == text)
                row++;
            Current = new ChunkPart(text, few.Token(first) - batch.Start(text), row - first, next);
            next += Current.Rows;
            return true;
        }
    }
}
