using GauRuntime.Convert.Conversion;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Output;

/// <summary>
/// Whether a class of the PyTorch ports has a head, and whether their configuration can say all of it.
/// </summary>
internal static class PortHead
{
    /// <summary>Whether the configuration can; else <c>gau_head</c> describes the head.</summary>
    public static bool Says(ModelDescription model) => HasClass(model)
        && model.Head.Segments == ModelSource.UsualSegments(model.Config) && SaysLimit(model.Config, model.Head);

    /// <summary>Whether a class computes the head: the limit of texts and segment ids are no business of it.</summary>
    public static bool HasClass(ModelDescription model) => HasLayers(model.Config, model.Head);

    /// <summary>The tokenizer's limit is that of models with positions or norms of their own only.</summary>
    private static bool SaysLimit(ModelConfig encoder, HeadConfig head) => head.MaxTokens is null
        || (encoder.Traits.HasLayerNorm
            && head.MaxTokens < Math.Min(GauBatch.UsualMaxLength, encoder.MaxTokens ?? GauBatch.MaxLength));

    private static bool HasLayers(ModelConfig encoder, HeadConfig head)
    {
        bool sequence = head.Kind == HeadKind.SequenceClassification;
        if (!sequence && head.Kind != HeadKind.MultipleChoice)
            return head is { HasDense: false, Pooling: Pooling.First, DenseActivation: Activation.Identity };
        SequenceHead port = encoder.Traits.Sequences;
        if (port == SequenceHead.Pooler || (port == SequenceHead.OwnDense && sequence))
            return head is { HasDense: true, DenseSize: null, Pooling: Pooling.First }
                && head.DenseActivation == (port == SequenceHead.Pooler ? Activation.Tanh : encoder.HiddenAct);
        return head.DenseSize is null && head.Pooling is Pooling.First or Pooling.Last or Pooling.Mean
            && CheckpointConfig.Summary(head.DenseActivation) is not null;
    }
}
