using System.Numerics;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>Encoders that are not computed here, recognised so that a line can say which one it is.</summary>
internal static class ForeignModel
{
    private const string Roberta = "positions that start at 2 and a byte-level BPE or SentencePiece tokenizer are not "
        + "supported; Chinese RoBERTa-wwm has model_type bert";

    /// <summary>What the names of RoBERTa's classes begin with.</summary>
    private static readonly string[] RobertaClasses = ["Roberta", "XLMRoberta", "Camembert"];

    /// <summary>Prefixes of tensors, and what is said of them.</summary>
    public static IReadOnlyList<(string Scope, string Title)> Scopes { get; } =
    [
        ("roberta.", "RoBERTa"), ("xlm_roberta.", "XLM-R"), ("camembert.", "CamemBERT"), ("albert.", "ALBERT"),
        ("electra.", "ELECTRA"), ("electra/", "ELECTRA"), ("nezha.", "NEZHA"), ("ernie.", "ERNIE"),
        ("distilbert.", "DistilBERT"), ("deberta.", "DeBERTa"), ("mpnet.", "MPNet"),
        ("megatron_bert.", "Megatron-BERT"),
    ];

    /// <summary>Tensors that only an unsupported variant has, by a part of their name.</summary>
    public static IReadOnlyList<(string Part, string Reason)> Variants { get; } =
    [
        ("distance_embedding.", "relative positions are not supported, only absolute ones"),
        ("relative_positions_encoding.", "NEZHA's relative positions are not supported, only absolute ones"),
        ("crossattention.", "cross-attention: decoders are not supported"),
        ("task_type_embeddings", "ERNIE is not supported"),
        ("generator_predictions", "an ELECTRA-style generator is not supported"),
        ("discriminator_predictions", "an ELECTRA-style discriminator is not supported"),
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

    /// <summary>What is said of a class of <c>architectures</c> whose encoder is not computed; or null.</summary>
    public static string? OfClass(string name) =>
        RobertaClasses.Any(start => name.StartsWith(start, StringComparison.Ordinal)) ? $"'{name}': {Roberta}" : null;

    /// <summary>Whether sizes are those of RoBERTa, whose positions stand behind the padding's.</summary>
    /// <param name="padding">Id of the padding.</param>
    /// <param name="segments">Segment embeddings.</param>
    /// <param name="positions">Learned positions: those of texts, and two more.</param>
    /// <returns>What is said of it; or null.</returns>
    public static string? OfSizes(int? padding, int? segments, int? positions) =>
        padding == 1 && segments == 1 && positions > 2 && BitOperations.IsPow2(positions.Value - 2)
            ? $"{positions}, with pad_token_id 1 and type_vocab_size 1, is RoBERTa: {Roberta}" : null;

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
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="seen">What it looks like.</param>
    /// <exception cref="GauFormatException">It is.</exception>
    public static void RefuseNames(ICheckpoint checkpoint, ArchitectureTraits seen)
    {
        if (OfNames(checkpoint.Tensors) is { } reason)
            throw new GauFormatException(
                checkpoint.Path, Variant(checkpoint.Tensors)?.Tensor ?? "tensor names", reason);
        // RoFormer has it too.
        if (seen.LearnsPositions && checkpoint.Tensors.FirstOrDefault(entry =>
            entry.Name.Contains("embeddings_project.", StringComparison.Ordinal)) is { } projection)
            throw new GauFormatException(checkpoint.Path, projection.Name, "ELECTRA is not supported");
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
