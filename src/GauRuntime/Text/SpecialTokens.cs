namespace GauRuntime.Text;

/// <summary>Ids of the five tokens that BERT gives a meaning, found by name.</summary>
internal sealed record SpecialTokens(int Pad, int Unknown, int Cls, int Sep, int Mask)
{
    /// <summary>All five, in the order of the parameters.</summary>
    internal IReadOnlyList<int> All => [Pad, Unknown, Cls, Sep, Mask];
}
