using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>Encoders that are not computed here, recognised so that a line can say which one it is.</summary>
internal static class ForeignModel
{
    private const string Roberta = "positions that start at 2 and a byte-level BPE or SentencePiece tokenizer are not "
        + "supported; Chinese RoBERTa-wwm has model_type bert";

    /// <summary>Prefixes of tensors, and what is said of them.</summary>
    private static readonly (string Scope, string Title)[] Scopes =
    [
        ("roberta.", "RoBERTa"), ("xlm_roberta.", "XLM-R"), ("camembert.", "CamemBERT"), ("albert.", "ALBERT"),
        ("electra.", "ELECTRA"), ("electra/", "ELECTRA"), ("nezha.", "NEZHA"), ("ernie.", "ERNIE"),
        ("distilbert.", "DistilBERT"), ("deberta.", "DeBERTa"), ("mpnet.", "MPNet"), ("megatron_bert.", "Megatron-BERT"),
    ];

    /// <summary>Tensors that only an unsupported variant has, by a part of their name.</summary>
    private static readonly (string Part, string Reason)[] Variants =
    [
        ("distance_embedding.", "relative positions are not supported, only absolute ones"),
        ("crossattention.", "cross-attention: decoders are not supported"),
        ("task_type_embeddings", "ERNIE is not supported"),
        ("generator_predictions.", "an ELECTRA-style generator is not supported"),
        ("discriminator_predictions.", "an ELECTRA-style discriminator is not supported"),
        ("bert/encoder/transformer/group_0/", "ALBERT is not supported"),
        ("embedding_hidden_mapping_in.", "ALBERT is not supported"),
    ];

    /// <summary>What a <c>model_type</c> is that no supported encoder has.</summary>
    public static string OfType(string type)
    {
        string supported = string.Join(
            ", ", ArchitectureTraits.All.Select(entry => entry.ModelType).Distinct(StringComparer.Ordinal));
        return type is "roberta" or "xlm-roberta" or "xlm-roberta-xl" or "camembert" or "roberta-prelayernorm"
            ? $"'{type}': {Roberta}"
            : $"'{type}' is not supported, only {supported}";
    }

    /// <summary>What the names of tensors show that is not supported; or null.</summary>
    public static string? OfNames(IReadOnlyList<TensorEntry> tensors)
    {
        foreach ((string scope, string title) in Scopes)
            if (tensors.Any(entry => InScope(entry.Name, scope)))
                return title is "RoBERTa" or "XLM-R" or "CamemBERT"
                    ? $"tensors of {title}: {Roberta}" : $"tensors of {title}, which is not supported";
        return Variant(tensors)?.Reason;
    }

    /// <summary>Refuses a checkpoint that looks like a supported one, and is another.</summary>
    /// <exception cref="GauFormatException">It is.</exception>
    public static void RefuseNames(ICheckpoint checkpoint)
    {
        if (OfNames(checkpoint.Tensors) is { } reason)
            throw new GauFormatException(
                checkpoint.Path, Variant(checkpoint.Tensors)?.Tensor ?? "tensor names", reason);
    }

    private static (string Tensor, string Reason)? Variant(IReadOnlyList<TensorEntry> tensors)
    {
        foreach ((string part, string reason) in Variants)
            if (tensors.FirstOrDefault(entry => entry.Name.Contains(part, StringComparison.Ordinal)) is { } found)
                return (found.Name, reason);
        return null;
    }

    /// <summary>Whether a name begins with a scope, after whatever a training program puts before it.</summary>
    private static bool InScope(string name, string scope)
    {
        int at = name.IndexOf(scope, StringComparison.Ordinal);
        return at == 0 || (at > 0 && name[at - 1] is '.' or '/');
    }
}
