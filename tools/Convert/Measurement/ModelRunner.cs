using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Measurement;

/// <summary>A model and a thread's buffers for it.</summary>
internal sealed class ModelRunner(GauModel model) : IDisposable
{
    private readonly GauWorkspace workspace = new(model);
    private readonly AnswerPass pass = new();
    private readonly AnswerHead head = AnswerKinds.Head(model);
    private Answer? answer;

    public GauModel Model => model;

    public GauWorkspace Workspace => workspace;

    /// <summary>
    /// Passes the whole text through the encoder; who is told of layers finds all hidden states, else those that
    /// <see cref="Answer"/> needs are there.
    /// </summary>
    public void Read(TextInput input, Action<int>? afterLayer = null) =>
        pass.Compute(head, input.Whole, workspace, afterLayer);

    /// <summary>
    /// What the model says of the whole text that was passed through last: probabilities of labels, one score, or a
    /// vector.
    /// </summary>
    public float[] Answer()
    {
        answer ??= head.NewAnswer();
        head.Fill(pass, 0, answer);
        return answer is ScoreAnswer score ? [score.Score] : ((NumbersAnswer)answer).Values.ToArray();
    }

    /// <summary>Passes the masked text through the encoder, and its masks through the masked LM.</summary>
    /// <returns>Logits [masks, V].</returns>
    public float[] Fill(TextInput input)
    {
        GauEncoder.Forward(model, input.Masked, workspace, input.Masks);
        float[] logits = new float[input.Masks.Length * model.Config.VocabSize];
        MaskedLmHead.Logits(model, workspace, input.Masks, logits);
        return logits;
    }

    /// <summary>What a text is said to be: the best label, or of several those that are chosen.</summary>
    public static string Decision(HeadConfig head, ReadOnlySpan<float> probabilities)
    {
        if (head.ProblemType != ProblemType.MultiLabel)
            return head.Labels[Heads.Probabilities.Best(probabilities)];
        List<string> labels = [];
        for (int i = 0; i < probabilities.Length; i++)
            if (Heads.Probabilities.IsChosen(head, i, probabilities[i]))
                labels.Add(head.Labels[i]);
        return labels.Count == 0 ? "–" : string.Join(", ", labels);
    }

    public void Dispose() => workspace.Dispose();
}
