using GauRuntime.Answers;

namespace GauRuntime.Scoring.Tasks;

/// <summary>What a text gives, as a row or as a value; records of equal texts share it.</summary>
/// <remarks>
/// Made by one thread, completed by a second, read by a third once its batch is done. Used again for another text when
/// all who hold it have given it back, see <see cref="AnswerPool"/>.
/// </remarks>
internal sealed class SharedAnswer
{
    private const int LongestKept = 4096;

    private byte[] row = [];
    private int rowLength;
    private int[] ends = [];
    private int holders;

    /// <summary>What became of the text.</summary>
    public TextInfo Text { get; private set; }

    /// <summary>Why there is no answer.</summary>
    public string? Error { get; private set; }

    /// <summary>Rows that it fills: one, or of some tasks several.</summary>
    public int Rows => Math.Max(1, ends.Length);

    /// <summary>Gathers the answer out of parts, where a record has some.</summary>
    public GatheredAnswer? Gathered { get; private set; }

    /// <summary>The answer, where a run has no rows.</summary>
    public Answer? Value { get; private set; }

    /// <summary>Makes it the answer of a text that is yet to be computed, or gave this error.</summary>
    public void Reset(string? error = null, GatheredAnswer? gathered = null)
    {
        (Text, Error, Value, Gathered) = (default, error, null, gathered);
        rowLength = 0;
        ends = [];
    }

    /// <summary>The values of a row that was kept; nothing where there is an error.</summary>
    public ReadOnlySpan<byte> Row(int index)
    {
        if (ends.Length == 0)
            return row.AsSpan(0, rowLength);
        int start = index == 0 ? 0 : ends[index - 1];
        return row.AsSpan(start, ends[index] - start);
    }

    /// <summary>Completes it with a value that nobody else uses.</summary>
    public void Keep(Answer answer) => (Text, Error, Value) = (answer.Text, answer.Error, answer);

    /// <summary>Completes it with a copy of what <see cref="RecordTask.Values"/> gave.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="values">The values of its row, or of its rows.</param>
    /// <param name="ends">Where each of several rows ends.</param>
    public void Keep(Answer answer, ReadOnlySpan<byte> values, ReadOnlySpan<int> ends = default)
    {
        this.ends = [.. ends];
        (Text, Error) = (answer.Text, answer.Error);
        // A buffer that is much too large would stay for as long as this answer is used for short rows.
        if (row.Length < values.Length || row.Length > 4 * values.Length)
            row = new byte[values.Length + values.Length / 4];
        values.CopyTo(row);
        rowLength = values.Length;
    }

    /// <summary>So many more hold it. Called by one who holds it already, or has it from the pool.</summary>
    public void Hold(int count = 1) => Interlocked.Add(ref holders, count);

    /// <summary>One fewer holds it.</summary>
    /// <returns>Whether that was the last.</returns>
    public bool Release()
    {
        if (Interlocked.Decrement(ref holders) > 0)
            return false;
        (Value, Gathered) = (null, null);
        ends = [];
        if (row.Length > LongestKept)
            row = [];
        return true;
    }
}
