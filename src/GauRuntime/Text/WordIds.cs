using GauRuntime.Weights;

namespace GauRuntime.Text;

/// <summary>Words as the tokens that a masked LM can put in the place of <c>[MASK]</c>.</summary>
internal static class WordIds
{
    /// <summary>The tokens of a word, as they stand in a text; <c>##x</c> is the token of that name.</summary>
    /// <exception cref="ArgumentException">It has none, or one that the vocabulary lacks.</exception>
    public static int[] Of(GauTokenizer tokenizer, string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (TokenJoin.IsContinuation(word))
        {
            for (int id = 0; id < tokenizer.VocabularySize; id++)
                if (tokenizer.Token(id) == word)
                    return [id];
        }
        EncodedText encoded = new(keepsSpans: false);
        int[] ids = tokenizer.EncodeAlone(word, encoded, int.MaxValue).Ids.ToArray();
        if (ids.Length == 0)
            throw new ArgumentException($"{Shown(word)} has no token");
        return ids.Contains(tokenizer.UnknownId)
            ? throw new ArgumentException($"{Shown(word)} is not in the vocabulary")
            : ids;
    }

    /// <summary>A word in a message.</summary>
    public static string Shown(string word) => $"'{Printable.Shortened(Printable.OneLine(word), 80)}'";
}
