using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Finetuning;

/// <summary>Makes the runtime's answers of a trainer's logits, so that both are judged alike.</summary>
/// <param name="head">What is trained.</param>
internal sealed class LogitAnswers(HeadConfig head)
{
    private readonly EntityScheme scheme = new(head.Labels);

    /// <summary>The answer to an example.</summary>
    /// <param name="example">The example.</param>
    /// <param name="logits">Of a text [labels], of its choices [choices], of its tokens [n, labels] or [n, 2].</param>
    /// <returns>Null where a logit is not finite.</returns>
    public Answer? Of(Example example, ReadOnlySpan<float> logits)
    {
        if (!Probabilities.AllFinite(logits))
            return null;
        return head.Kind switch
        {
            HeadKind.TokenClassification => Entities(example.Sequences[0], logits),
            HeadKind.QuestionAnswering => Span(example.Sequences[0], logits),
            HeadKind.MultipleChoice => Choice(logits),
            _ => OfText(logits),
        };
    }

    /// <summary>The answer of a sequence classifier.</summary>
    /// <param name="logits">Finite [labels].</param>
    public LabelAnswer OfText(ReadOnlySpan<float> logits)
    {
        LabelAnswer answer = new();
        Span<float> values = answer.Reset(logits.Length);
        logits.CopyTo(values);
        Probabilities.TryOfLogits(head.ProblemType, values);
        return answer;
    }

    private static ChoiceAnswer Choice(ReadOnlySpan<float> logits)
    {
        ChoiceAnswer answer = new();
        Span<float> values = answer.Reset(logits.Length);
        logits.CopyTo(values);
        Probabilities.Softmax(values);
        return answer;
    }

    private EntityAnswer Entities(EncodedSequence sequence, ReadOnlySpan<float> logits)
    {
        EntityAnswer answer = new();
        EntityBuilder builder = new(scheme, answer.Entities);
        float[] row = new float[head.Labels.Count];
        for (int i = 0; i < sequence.Places.Length; i++)
        {
            if (sequence.Places[i].Text < 0)
                continue;
            logits.Slice(i * row.Length, row.Length).CopyTo(row);
            Probabilities.Softmax(row);
            int best = Probabilities.Best(row);
            builder.Add(sequence.Places[i], best, row[best]);
        }
        builder.Close();
        return answer;
    }

    private static SpanAnswer Span(EncodedSequence sequence, ReadOnlySpan<float> logits)
    {
        SpanAnswer answer = new();
        (int begin, int count) = SpanHead.Context(sequence.Places);
        answer.Found = count > 0;
        if (!answer.Found)
            return answer;
        float[] starts = new float[count], ends = new float[count];
        for (int i = 0; i < count; i++)
            (starts[i], ends[i]) = (logits[2 * (begin + i)], logits[2 * (begin + i) + 1]);
        SpanHead.Choose(answer, sequence.Places.AsSpan(begin, count), starts, ends);
        return answer;
    }
}
