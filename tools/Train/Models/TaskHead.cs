using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>The head of a model: logits = W · act(D · pool(X) + d) + b; D and act may be absent.</summary>
internal sealed class TaskHead
{
    private readonly HeadConfig config;
    private readonly Linear? dense;   // h → m
    private readonly Linear output;   // m → outputs

    private TaskHead(HeadConfig config, Linear? dense, Linear output)
    {
        this.config = config;
        this.dense = dense;
        this.output = output;
    }

    /// <summary>Finds the head among the tensors of a model.</summary>
    /// <param name="config">What the head is.</param>
    /// <param name="weights">The model's tensors by canonical name; null: it has none of that name.</param>
    /// <returns>null: the model has a masked LM only.</returns>
    public static TaskHead? Find(HeadConfig config, Func<string, Tensor?> weights) =>
        Linear.Find(weights, ModelTensors.HeadOut) is { } output
            ? new TaskHead(config, Linear.Find(weights, ModelTensors.HeadDense), output) : null;

    /// <summary>Logits.</summary>
    /// <param name="hidden">Hidden states [B, n, h].</param>
    /// <param name="batch">Their texts.</param>
    /// <returns>
    /// [B, labels] of texts, [B / choices, choices] of choices, [B, n, labels] of tokens, [B, n, 2] of spans.
    /// </returns>
    public Tensor Forward(Tensor hidden, TokenBatch batch)
    {
        if (config.Kind is HeadKind.TokenClassification or HeadKind.QuestionAnswering)
            return output.Forward(hidden);
        Tensor x = Pooled(hidden, batch);
        Tensor logits = output.Forward(
            ActivationFunction.Apply(config.DenseActivation, dense?.Forward(x) ?? x));
        return config.Kind == HeadKind.MultipleChoice
            ? logits.reshape(batch.Count / batch.Choices, batch.Choices) : logits;
    }

    /// <summary>One vector per text [B, h]; padding does not count.</summary>
    private Tensor Pooled(Tensor hidden, TokenBatch batch)
    {
        Tensor keys = batch.Mask.unsqueeze(2);   // [B, n, 1]
        switch (config.Pooling)
        {
            case Pooling.First:
                return hidden.select(1, 0);
            case Pooling.Last:
                Tensor places = arange(batch.Length, ScalarType.Int64, hidden.device);
                Tensor last = (batch.Mask.to(ScalarType.Int64) * places).argmax(1);
                return hidden.gather(1, last.reshape(-1, 1, 1).expand(-1, 1, hidden.shape[2])).squeeze(1);
            case Pooling.Mean:
                Tensor counts = batch.Mask.sum(1, keepdim: true, type: hidden.dtype);
                return hidden.masked_fill(keys.logical_not(), 0).sum(1) / counts;
            case Pooling.Max:
                return hidden.masked_fill(keys.logical_not(), double.NegativeInfinity).amax([1L]);
            default:
                throw new NotSupportedException($"no head pools by {JsonName.Of(config.Pooling)}");
        }
    }
}
