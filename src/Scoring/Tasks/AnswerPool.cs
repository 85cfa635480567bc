namespace GauRuntime.Scoring.Tasks;

/// <summary>Answers that nobody holds, so that not every record leaves one for the garbage collector.</summary>
/// <remarks>No more than were held at once. Thread-safe.</remarks>
internal sealed class AnswerPool
{
    private readonly Lock gate = new();
    private readonly Stack<Answer> idle = new();

    /// <summary>An answer to be reset, held by nobody yet.</summary>
    public Answer Take()
    {
        lock (gate)
            return idle.TryPop(out Answer? answer) ? answer : new Answer();
    }

    /// <summary>Gives back an answer that the caller held.</summary>
    public void Release(Answer answer)
    {
        if (!answer.Release())
            return;
        lock (gate)
            idle.Push(answer);
    }
}
