using System.Buffers;

namespace GauRuntime.Text;

/// <summary>Where sentences end: behind 。！？；… and the like, with what closes them, and at the end of a line.</summary>
internal static class SentenceEnds
{
    private const int MostClosers = 8;

    private static readonly SearchValues<char> Ends = SearchValues.Create("。！？；…．｡!?;");
    private static readonly SearchValues<char> Closers = SearchValues.Create("”’」』）】》〉〕\"')]}");
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\u2028\u2029");

    /// <summary>Whether a sentence ends before a place, so that the next begins there.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="place">Behind the sentence and any white space, from 1.</param>
    public static bool IsBefore(ReadOnlySpan<char> text, int place)
    {
        int at = place;
        while (at > 0 && char.IsWhiteSpace(text[at - 1]))
            if (LineEnds.Contains(text[--at]))
                return true;
        bool isSpaced = at < place;
        if (!isSpaced && place < text.Length && (Ends.Contains(text[place]) || Closers.Contains(text[place])))
            return false;   // belongs to the sentence still
        for (int closers = 0; at > 0 && closers < MostClosers && Closers.Contains(text[at - 1]); closers++)
            at--;
        // A full stop of Latin writing also stands within numbers and names.
        return at > 0 && (Ends.Contains(text[at - 1]) || isSpaced && text[at - 1] == '.');
    }
}
