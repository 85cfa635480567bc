using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <content>Pairs of texts of which each is tokenized once, and then stands in many pairs.</content>
public sealed partial class GauTokenizer
{
    /// <summary>How many tokens of its texts a pair has room for.</summary>
    internal static int RoomOfPair(int maxLength) => maxLength - SpecialsOfPair;

    /// <summary>How long a pair is, and whether it was cut.</summary>
    /// <param name="first">Tokens of the first text.</param>
    /// <param name="second">Tokens of the second.</param>
    /// <param name="maxLength">Most tokens of the pair.</param>
    internal static TextInfo PairInfo(int first, int second, int maxLength)
    {
        long total = (long)first + second + SpecialsOfPair;
        return new TextInfo((int)Math.Min(total, maxLength), total > maxLength, first + (long)second == 0);
    }

    /// <summary>
    /// The first tokens of a text, without [CLS] and [SEP]; what <paramref name="into"/> held is gone.
    /// </summary>
    /// <param name="text">UTF-16, well-formed or not.</param>
    /// <param name="into">Receives the tokens, and in <see cref="EncodedText.TotalTokens"/> how many there are.</param>
    /// <param name="room">Most tokens.</param>
    internal TextTokens EncodeAlone(ReadOnlySpan<char> text, EncodedText into, int room)
    {
        into.Clear();
        into.Complete(Tokenize(text, 0, into, room, parseSpecial: false));
        return new TextTokens(into.Ids, into.TotalTokens);
    }

    /// <summary>The first tokens of a text, as <see cref="EncodeAlone"/>, in time that they alone take.</summary>
    internal void EncodeBeginning(ReadOnlySpan<char> text, EncodedText into, int room)
    {
        into.Clear();
        into.Complete(Tokenize(text, 0, into, room, parseSpecial: false, stops: true));
    }

    /// <summary>
    /// The ids of <see cref="EncodePair"/> out of tokens that <see cref="EncodeAlone"/> gave, with at least the
    /// <see cref="RoomOfPair"/>; nothing tells where they stand in their texts.
    /// </summary>
    internal void JoinPair(
        TextTokens first, TextTokens second, EncodedText into, SegmentPolicy segments, int maxLength)
    {
        (int firstKept, int secondKept) =
            Truncation.OfPair(first.Total, second.Total, RoomOfPair(maxLength), config.Rules);
        into.Clear();
        into.AddSpecial(ClsId);
        foreach (int id in first.Ids[..firstKept])
            into.Add(id, 0, 0, 0);
        into.AddSpecial(SepId);
        foreach (int id in second.Ids[..secondKept])
            into.Add(id, 1, 0, 0);
        into.AddSpecial(SepId);
        into.Complete(first.Total + second.Total + SpecialsOfPair);
        if (segments == SegmentPolicy.Pairs)
            into.StartSecondSegment(firstKept + 2);
    }
}
