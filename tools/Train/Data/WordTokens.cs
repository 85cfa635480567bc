using System.Collections.Concurrent;
using GauRuntime.Text;

namespace GauRuntime.Train.Data;

/// <summary>The tokens of words, each tokenized alone; those of short words are remembered.</summary>
/// <remarks>Thread-safe. Memory: at most some 50 MB.</remarks>
internal sealed class WordTokens(GauTokenizer tokenizer)
{
    private const int MostWords = 1 << 18, LongestRemembered = 16;

    private readonly ConcurrentDictionary<string, int[]> known = new(StringComparer.Ordinal);
    private int count;

    /// <summary>The ids of a word without [CLS] and [SEP]; none for white space.</summary>
    public int[] Of(string word)
    {
        if (known.TryGetValue(word, out int[]? ids))
            return ids;
        EncodedText encoded = new(keepsSpans: false);
        tokenizer.EncodeAlone(word, encoded, int.MaxValue);
        ids = encoded.Ids.ToArray();
        if (word.Length <= LongestRemembered && Volatile.Read(ref count) < MostWords && known.TryAdd(word, ids))
            Interlocked.Increment(ref count);
        return ids;
    }
}
