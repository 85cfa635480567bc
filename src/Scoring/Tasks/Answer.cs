namespace GauRuntime.Scoring.Tasks;

/// <summary>What a text gives; records of equal texts share it.</summary>
/// <remarks>
/// Made by one thread, completed by a second, read by a third once its batch is done. Used again for another text when
/// all who hold it have given it back, see <see cref="AnswerPool"/>.
/// </remarks>
internal sealed class Answer
{
    private const int LongestKept = 4096;

    private byte[] row = [];
    private int rowLength;
    private int holders;

    /// <summary>Tokens of all sequences.</summary>
    public int Tokens { get; private set; }

    public bool Truncated { get; private set; }

    public bool Empty { get; private set; }

    /// <summary>Why there is no answer.</summary>
    public string? Error { get; set; }

    /// <summary>What <see cref="Keep"/> kept; empty where there is an error.</summary>
    public ReadOnlySpan<byte> Row => row.AsSpan(0, rowLength);

    /// <summary>Makes it the answer of a text that gave this error.</summary>
    public void Reset(string error) => Reset(0, false, false, error);

    /// <summary>Makes it the answer of a text, which is yet to be computed.</summary>
    public void Reset(EncodedRecord text) => Reset(text.Tokens, text.Truncated, text.Empty, null);

    /// <summary>Copies what <see cref="Results.ResultRows.End"/> gave.</summary>
    public void Keep(ReadOnlySpan<byte> values)
    {
        // A buffer that is much too large would stay for as long as this answer is used for short rows.
        if (row.Length < values.Length || row.Length > 4 * values.Length)
            row = new byte[values.Length + values.Length / 4];
        values.CopyTo(row);
        rowLength = values.Length;
    }

    /// <summary>One more holds it. Called by one who holds it already, or has it from the pool.</summary>
    public void Hold() => Interlocked.Increment(ref holders);

    /// <summary>One fewer holds it.</summary>
    /// <returns>Whether that was the last.</returns>
    public bool Release()
    {
        if (Interlocked.Decrement(ref holders) > 0)
            return false;
        if (row.Length > LongestKept)
            row = [];
        return true;
    }

    private void Reset(int tokens, bool truncated, bool empty, string? error)
    {
        (Tokens, Truncated, Empty, Error) = (tokens, truncated, empty, error);
        rowLength = 0;
    }
}
