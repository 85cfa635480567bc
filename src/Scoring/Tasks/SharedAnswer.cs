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
    private int holders;

    /// <summary>What became of the text.</summary>
    public TextInfo Text { get; private set; }

    /// <summary>Why there is no answer.</summary>
    public string? Error { get; private set; }

    /// <summary>What <see cref="Keep(Answer, ReadOnlySpan{byte})"/> kept; empty where there is an error.</summary>
    public ReadOnlySpan<byte> Row => row.AsSpan(0, rowLength);

    /// <summary>The answer, where a run has no rows.</summary>
    public Answer? Value { get; private set; }

    /// <summary>Makes it the answer of a text that is yet to be computed, or gave this error.</summary>
    public void Reset(string? error = null)
    {
        (Text, Error, Value) = (default, error, null);
        rowLength = 0;
    }

    /// <summary>Completes it with a value that nobody else uses.</summary>
    public void Keep(Answer answer) => (Text, Error, Value) = (answer.Text, answer.Error, answer);

    /// <summary>Completes it with a copy of what <see cref="Results.ResultRows.End"/> gave.</summary>
    public void Keep(Answer answer, ReadOnlySpan<byte> values)
    {
        (Text, Error) = (answer.Text, answer.Error);
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
        Value = null;
        if (row.Length > LongestKept)
            row = [];
        return true;
    }
}
