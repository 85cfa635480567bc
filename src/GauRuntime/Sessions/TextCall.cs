using GauRuntime.Answers;

namespace GauRuntime.Sessions;

/// <summary>A caller's way of one input through the model: a session, and what telemetry says of it.</summary>
internal ref struct TextCall<T> : IDisposable
    where T : Answer, new()
{
    private readonly AnswerHead<T> head;
    private readonly int maxTokens;
    private readonly CancellationToken cancel;
    private MeasuredCall measurement;

    public TextCall(AnswerHead<T> head, string operation, int maxTokens, CancellationToken cancel)
    {
        (this.head, this.maxTokens, this.cancel) = (head, maxTokens, cancel);
        measurement = GauTelemetry.Begin(operation);
        try
        {
            Session = head.Model.Sessions.Rent(cancel);
        }
        catch
        {
            measurement.Dispose();
            throw;
        }
    }

    public TextSession Session { get; }

    /// <summary>The answer to a text, valid in the call.</summary>
    public T Answer(ReadOnlySpan<char> text)
    {
        Session.Add(head, text, maxTokens);
        return Answer();
    }

    /// <summary>The answer to a pair of texts, valid in the call.</summary>
    public T Answer(ReadOnlySpan<char> text, ReadOnlySpan<char> pair)
    {
        Session.Add(head, text, pair, maxTokens);
        return Answer();
    }

    /// <summary>The answer to what was added, valid in the call.</summary>
    public T Answer()
    {
        Session.Forward(head, cancel);
        T answer = Session.Answer(head, 0);
        measurement.Done(1, answer.Text.Tokens);
        return answer;
    }

    public void Dispose()
    {
        head.Model.Sessions.Return(Session);
        measurement.Dispose();
    }
}
