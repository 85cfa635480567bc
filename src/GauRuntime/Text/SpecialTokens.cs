namespace GauRuntime.Text;

/// <summary>Ids of the five tokens that BERT gives a meaning, found by name.</summary>
internal sealed class SpecialTokens(int pad, int unknown, int cls, int sep, int mask)
{
    internal const string PadName = "[PAD]", UnknownName = "[UNK]", ClsName = "[CLS]", SepName = "[SEP]",
        MaskName = "[MASK]";

    internal int Pad { get; } = pad;

    internal int Unknown { get; } = unknown;

    internal int Cls { get; } = cls;

    internal int Sep { get; } = sep;

    internal int Mask { get; } = mask;

    /// <summary>Whether <paramref name="text"/> starts with a special token, written exactly so.</summary>
    internal bool TryMatch(ReadOnlySpan<char> text, out int id, out int length)
    {
        (id, length) = text switch
        {
            _ when text.StartsWith(MaskName) => (Mask, MaskName.Length),
            _ when text.StartsWith(SepName) => (Sep, SepName.Length),
            _ when text.StartsWith(ClsName) => (Cls, ClsName.Length),
            _ when text.StartsWith(PadName) => (Pad, PadName.Length),
            _ when text.StartsWith(UnknownName) => (Unknown, UnknownName.Length),
            _ => (-1, 0),
        };
        return id >= 0;
    }
}
