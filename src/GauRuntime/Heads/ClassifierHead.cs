using GauRuntime.Encoder;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>The fine-tuned heads: logits = W · act(D · x + d) + b, x a pooled text or a token.</summary>
/// <remarks>Sources: JunnYu/GAU-alpha-pytorch and RoFormer_pytorch modeling files; dropout is the identity.</remarks>
public static unsafe class ClassifierHead
{
    /// <summary>Logits of a text: sequence classification and regression [labels], multiple choice [1].</summary>
    /// <param name="model">A model with such a head.</param>
    /// <param name="workspace">Holds the hidden states of a forward pass.</param>
    /// <param name="batch">The batch of that pass.</param>
    /// <param name="text">Index of the text.</param>
    /// <param name="logits">[outputs].</param>
    /// <exception cref="ArgumentException">The workspace belongs to another model.</exception>
    /// <exception cref="InvalidOperationException">The model has another head.</exception>
    public static void SequenceLogits(
        GauModel model, GauWorkspace workspace, GauBatch batch, int text, Span<float> logits)
    {
        Dense output = Require(model, workspace, HeadKind.SequenceClassification, HeadKind.MultipleChoice);
        int h = workspace.HiddenStride, m = model.HeadDense?.Weights.Columns ?? 0, width = h;
        float* x = workspace.HeadRows((long)h + m), y = x + h;
        new Span<float>(x, h + m).Clear();
        Pooler.Pool(workspace, batch, text, model.Head.Pooling, new Span<float>(x, model.Config.HiddenSize));
        if (model.HeadDense is Dense dense)
        {
            workspace.Apply(dense, x, h, 1, y, m);
            x = y;
            width = m;
        }
        ExactActivation.Apply(model.Kernels, model.Head.DenseActivation, x, width);
        Write(workspace, output, x, width, logits);
    }

    /// <summary>What a sequence classifier says of a text: probabilities, or the value of a regression.</summary>
    /// <param name="model">A model with such a head.</param>
    /// <param name="workspace">Holds the hidden states of a forward pass.</param>
    /// <param name="batch">The batch of that pass.</param>
    /// <param name="text">Index of the text.</param>
    /// <param name="outputs">[labels]; what is longer keeps its rest.</param>
    /// <returns>False where a logit is not finite; then there are no probabilities.</returns>
    public static bool TryProbabilities(
        GauModel model, GauWorkspace workspace, GauBatch batch, int text, Span<float> outputs)
    {
        SequenceLogits(model, workspace, batch, text, outputs);
        return Probabilities.TryOfLogits(model.Head, outputs[..model.Head.OutputCount]);
    }

    /// <summary>Logits of a token: token classification [labels], question answering [start, end].</summary>
    /// <param name="model">A model with such a head.</param>
    /// <param name="workspace">Holds the hidden states of a forward pass.</param>
    /// <param name="token">Index in the batch.</param>
    /// <param name="logits">[outputs].</param>
    /// <exception cref="ArgumentException">The workspace belongs to another model.</exception>
    /// <exception cref="InvalidOperationException">The model has another head.</exception>
    public static void TokenLogits(GauModel model, GauWorkspace workspace, int token, Span<float> logits)
    {
        Dense output = Require(model, workspace, HeadKind.TokenClassification, HeadKind.QuestionAnswering);
        Write(workspace, output, workspace.HiddenRow(token), workspace.HiddenStride, logits);
    }

    private static Dense Require(GauModel model, GauWorkspace workspace, HeadKind one, HeadKind other)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.RequireOf(model);
        model.RequireOpen();
        return model.Head.Kind == one || model.Head.Kind == other
            ? model.HeadOut!
            : throw new InvalidOperationException($"the model's head is {JsonName.Of(model.Head.Kind)}");
    }

    private static void Write(GauWorkspace workspace, Dense output, float* x, int width, Span<float> logits)
    {
        int columns = output.Weights.Columns;
        float* y = workspace.HeadOutputs(columns);
        workspace.Apply(output, x, width, 1, y, columns);
        new ReadOnlySpan<float>(y, workspace.Model.Head.OutputCount).CopyTo(logits);
        GC.KeepAlive(workspace);
    }
}
