using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fitting;

/// <summary>Makes of logits what a head answers, and what it would answer without its calibration.</summary>
/// <param name="head">One that can be calibrated.</param>
/// <remarks>Its answers are used again for the next logits. Not thread-safe.</remarks>
internal sealed class CalibratedAnswers(HeadConfig head)
{
    private readonly bool chooses = head.Kind == HeadKind.MultipleChoice;

    /// <summary>With the calibration, if there is one.</summary>
    public NumbersAnswer After { get; } = Empty(head);

    /// <summary>Without it.</summary>
    public NumbersAnswer Before { get; } = Empty(head);

    /// <summary>Fills both.</summary>
    /// <param name="logits">Finite [labels] or [choices].</param>
    /// <param name="text">What became of the text.</param>
    public void Read(ReadOnlySpan<float> logits, TextInfo text)
    {
        Fill(After, logits, text, head.Temperature);
        Fill(Before, logits, text, 1);
    }

    private void Fill(NumbersAnswer answer, ReadOnlySpan<float> logits, TextInfo text, float temperature)
    {
        Span<float> scores = answer.Reset(logits.Length);
        logits.CopyTo(scores);
        Probabilities.TryOfLogits(chooses ? ProblemType.SingleLabel : head.ProblemType, scores, temperature);
        answer.Text = text;
    }

    private static NumbersAnswer Empty(HeadConfig head) =>
        head.Kind == HeadKind.MultipleChoice ? new ChoiceAnswer() : new LabelAnswer { Labels = head.Labels };
}
