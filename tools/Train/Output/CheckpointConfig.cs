using System.Text.Json;
using GauRuntime.Convert.Configuration;
using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Output;

/// <summary>
/// Writes <c>config.json</c> in the words of the ports' configuration classes, as gau-convert reads it.
/// </summary>
internal static class CheckpointConfig
{
    public const string Name = "config.json";

    private static readonly JsonWriterOptions Readable = JsonText.Readable with { Indented = true };

    /// <summary>The file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dropout">What was dropped while it was trained; null: it was not, and nothing is said.</param>
    public static byte[] Of(ModelDescription model, DropoutRates? dropout)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("model_type", model.Config.Traits.ModelType);
            WriteSizes(json, model.Config);
            WriteSwitches(json, model.Config);
            if (dropout is not null)
            {
                json.WriteNumber("hidden_dropout_prob", dropout.Hidden);
                json.WriteNumber("attention_probs_dropout_prob", dropout.Attention);
            }
            json.WriteString("torch_dtype", "float32");
            json.WriteBoolean("tie_word_embeddings", !model.Config.UntiedDecoder);
            if (PortHead.HasClass(model))
                WriteHead(json, model);
            if (!PortHead.Says(model))
                WriteOwnHead(json, model.Head);
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary><c>summary_activation</c>; null: there is no such name.</summary>
    public static string? Summary(Activation activation) => activation switch
    {
        Activation.Identity => "",
        Activation.Tanh => "tanh",
        Activation.Relu => "relu",
        Activation.Swish => "swish",
        _ => null,
    };

    private static void WriteSizes(Utf8JsonWriter json, ModelConfig encoder)
    {
        ArchitectureTraits traits = encoder.Traits;
        json.WriteNumber("vocab_size", encoder.VocabSize);
        json.WriteNumber("hidden_size", encoder.HiddenSize);
        json.WriteNumber("intermediate_size", encoder.IntermediateSize);
        json.WriteNumber("num_hidden_layers", encoder.LayerCount);
        if (!traits.OneHead)
            json.WriteNumber("num_attention_heads", encoder.HeadCount);
        if (traits.OneHead || encoder.KeySize != encoder.HeadSize)
            json.WriteNumber("attention_key_size", encoder.KeySize);
        if (!traits.LearnsPositions)
            json.WriteNumber("embedding_size", encoder.EmbeddingWidth);
        json.WriteNumber(
            "max_position_embeddings", traits.LearnsPositions ? encoder.PositionCount : GauBatch.MaxLength);
        json.WriteNumber("type_vocab_size", encoder.SegmentCount);
    }

    private static void WriteSwitches(Utf8JsonWriter json, ModelConfig encoder)
    {
        ArchitectureTraits traits = encoder.Traits;
        json.WriteString("hidden_act", NameOf(encoder.HiddenAct));
        if (traits.Layer == LayerKind.GatedAttention)
        {
            json.WriteString("normalization", JsonName.Of(encoder.Normalization));
            json.WriteBoolean("attention_scale", encoder.AttentionScale);
        }
        if (!traits.LearnsPositions)
            json.WriteBoolean("use_bias", encoder.UseBias);
        if (traits.Layer == LayerKind.AttentionFfn && !traits.LearnsPositions)
        {
            json.WriteString("norm_type", traits.HasLayerNorm ? "layer_norm" : "rms_norm");
            json.WriteBoolean("rotary_value", encoder.RotaryValue);
        }
        json.WriteNumber("layer_norm_eps", encoder.Eps);
        json.WriteNumber("pad_token_id", encoder.PadTokenId);
    }

    private static void WriteHead(Utf8JsonWriter json, ModelDescription model)
    {
        HeadConfig head = model.Head;
        bool hasMaskedLm = model.Config.HasMaskedLm;
        json.WriteStartArray("architectures");
        json.WriteStringValue(model.Config.Traits.ClassPrefix + head.Kind switch
        {
            HeadKind.SequenceClassification => "ForSequenceClassification",
            HeadKind.TokenClassification => "ForTokenClassification",
            HeadKind.MultipleChoice => "ForMultipleChoice",
            HeadKind.QuestionAnswering => "ForQuestionAnswering",
            _ => hasMaskedLm ? "ForMaskedLM" : "Model",
        });
        json.WriteEndArray();
        if (head.Kind is HeadKind.SequenceClassification or HeadKind.TokenClassification)
            WriteLabels(json, head.Labels);
        if (ReadsSummary(model))
            WriteSummary(json, head);
        if (head.Kind != HeadKind.SequenceClassification)
            return;
        json.WriteString("problem_type", head.ProblemType switch
        {
            ProblemType.MultiLabel => "multi_label_classification",
            ProblemType.Regression => "regression",
            _ => "single_label_classification",
        });
        if (head.ScoreActivation is { } score)
        {
            json.WriteStartObject("sentence_transformers");
            json.WriteString(
                "activation_fn", score == Activation.Sigmoid
                    ? "torch.nn.modules.activation.Sigmoid" : "torch.nn.modules.linear.Identity");
            json.WriteEndObject();
        }
    }

    private static bool ReadsSummary(ModelDescription model) => model.Config.Traits.Sequences switch
    {
        SequenceHead.Summary => model.Head.Kind is HeadKind.SequenceClassification or HeadKind.MultipleChoice,
        SequenceHead.OwnDense => model.Head.Kind == HeadKind.MultipleChoice,
        _ => false,
    };

    private static void WriteSummary(Utf8JsonWriter json, HeadConfig head)
    {
        json.WriteString("summary_type", JsonName.Of(head.Pooling));
        json.WriteBoolean("summary_use_proj", head.HasDense);
        json.WriteBoolean("summary_proj_to_labels", false);
        if (Summary(head.DenseActivation) is { Length: > 0 } activation)
            json.WriteString("summary_activation", activation);
    }

    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyList<string> labels)
    {
        json.WriteStartObject("id2label");
        for (int id = 0; id < labels.Count; id++)
            json.WriteString(FormattableString.Invariant($"{id}"), labels[id]);
        json.WriteEndObject();
        json.WriteStartObject("label2id");
        for (int id = 0; id < labels.Count; id++)
            json.WriteNumber(labels[id], id);
        json.WriteEndObject();
    }

    private static void WriteOwnHead(Utf8JsonWriter json, HeadConfig head)
    {
        json.WritePropertyName(OwnHead.Key);
        JsonSerializer.Serialize(json, head, ModelMetadataJson.Relaxed().HeadConfig);
    }

    // The names that Hugging Face's library has for them.
    private static string NameOf(Activation activation) => activation switch
    {
        Activation.Identity => "linear",
        Activation.GeluTanh => "gelu_new",
        _ => JsonName.Of(activation),
    };
}
