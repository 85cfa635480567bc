using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>An encoder of base size with random weights, the same in every engine.</summary>
/// <remarks>Immutable and thread-safe; there is one of each.</remarks>
internal sealed class PeerModel
{
    private readonly Lazy<ModelDescription> description;

    private PeerModel(string id, string size)
    {
        Id = id;
        description = new Lazy<ModelDescription>(() => RandomModel.Describe(size));
    }

    public static PeerModel Gau { get; } = new("gau", "base");

    public static PeerModel RoFormerV2 { get; } = new("roformer", "roformer-v2-base");

    public static PeerModel RoFormer { get; } = new("roformer-v1", "roformer-base");

    /// <summary>BERT, and so Chinese RoBERTa.</summary>
    public static PeerModel Bert { get; } = new("bert", "bert-base");

    /// <summary>All of them, the latest first.</summary>
    public static IReadOnlyList<PeerModel> All { get; } = [Gau, RoFormerV2, RoFormer, Bert];

    /// <summary>For <c>--engines</c> and the raw results.</summary>
    public string Id { get; }

    /// <summary>For tables.</summary>
    public string Title => Description.Config.Traits.Title;

    /// <summary>Sizes, and the names of the weights.</summary>
    public ModelDescription Description => description.Value;

    /// <summary>Whether its layers are gated attention units; else attention and a feed-forward network.</summary>
    public bool IsGated => Description.Config.Traits.Layer == LayerKind.GatedAttention;

    /// <summary>Tokens of its longest text.</summary>
    public int MaxLength => Description.Config.MaxTokens ?? int.MaxValue;
}
