using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>How many tokens of each text of a pair are kept.</summary>
internal static class Truncation
{
    /// <summary>
    /// The result of removing one token after the other from the longer text until <paramref name="room"/> holds both;
    /// of two equally long ones the first loses in bert4keras, the second with Hugging Face's slow tokenizer.
    /// </summary>
    internal static (int First, int Second) OfPair(int first, int second, int room, Dialect rules)
    {
        if ((long)first + second <= room)
            return (first, second);
        int shorter = Math.Min(first, second);
        if (shorter <= room / 2)
            return first > second ? (room - second, second) : (first, room - first);
        int smaller = room / 2, larger = room - smaller;    // both were cut to the same length, then in turn
        return rules == Dialect.Keras ? (smaller, larger) : (larger, smaller);
    }
}
