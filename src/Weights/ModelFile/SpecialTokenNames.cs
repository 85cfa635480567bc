using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>What a vocabulary calls the five tokens that BERT gives a meaning.</summary>
/// <param name="Pad">Fills batches elsewhere; never part of a text here.</param>
/// <param name="Unknown">Stands for a word that has no pieces.</param>
/// <param name="Cls">Comes first.</param>
/// <param name="Sep">Ends a text.</param>
/// <param name="Mask">Hides a token that the masked LM predicts.</param>
public sealed record SpecialTokenNames(string Pad, string Unknown, string Cls, string Sep, string Mask)
{
    /// <summary>[PAD], [UNK], [CLS], [SEP] and [MASK].</summary>
    public static SpecialTokenNames Default { get; } = new("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    /// <summary>All five, in the order of the parameters.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> All => [Pad, Unknown, Cls, Sep, Mask];
}
