using GauRuntime.Convert.Conversion;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Output;

/// <summary>Whether a class of the PyTorch ports has a head, so that their configuration can say it.</summary>
internal static class PortHead
{
    /// <summary>Whether it does; else <c>gau_head</c> describes the head.</summary>
    public static bool Says(ModelDescription model)
    {
        ModelConfig encoder = model.Config;
        HeadConfig head = model.Head;
        return head.Segments == ModelSource.UsualSegments(encoder) && SaysLimit(encoder, head)
            && SaysLayers(encoder, head);
    }

    /// <summary>The tokenizer's limit is that of models with positions or norms of their own only.</summary>
    private static bool SaysLimit(ModelConfig encoder, HeadConfig head) => head.MaxTokens is null
        || (encoder.Traits.HasLayerNorm
            && head.MaxTokens < Math.Min(GauBatch.UsualMaxLength, encoder.MaxTokens ?? GauBatch.MaxLength));

    private static bool SaysLayers(ModelConfig encoder, HeadConfig head)
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
