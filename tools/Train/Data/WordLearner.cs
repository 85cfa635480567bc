using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Tools;

namespace GauRuntime.Train.Data;

/// <summary>Learns a word list from texts that nobody has cut.</summary>
internal static class WordLearner
{
    /// <summary>
    /// Characters that are learned from; of longer corpora a share of the texts is taken, which their content decides.
    /// </summary>
    public const long MostCharacters = 1 << 24;

    private const int Rounds = 3, LeastCount = 3;

    /// <summary>
    /// All characters and what <see cref="WordCandidates"/> finds; then, three times, the texts are cut into the
    /// likeliest words (<see cref="Unigram"/>), the words are counted anew, and those below 3 are dropped.
    /// </summary>
    /// <remarks>Memory: some 10 bytes a character that is learned from, so 160 MB at most.</remarks>
    /// <param name="texts">The texts.</param>
    /// <param name="units">Their length in UTF-16 units, all together.</param>
    /// <exception cref="ToolException">No Chinese character occurs three times.</exception>
    public static WordList Learn(IEnumerable<string> texts, long units)
    {
        HanText text = new();
        double share = (double)MostCharacters / Math.Max(units, 1);
        foreach (string each in texts)
            if (share >= 1 || IsTaken(each, share))
                text.Add(each);
        (string Word, long Count)[] words = [.. text.Characters, .. WordCandidates.In(text)];
        for (int round = 0; round < Rounds && words.Length > 0; round++)
            words = Recount(text, new WordList(words));
        return words.Length > 0
            ? new WordList(words)
            : throw new ToolException(
                ExitCode.MalformedInput,
                "no words can be learned: hardly a Chinese character in the corpus; another segmenter needs no words");
    }

    private static (string Word, long Count)[] Recount(HanText text, WordList list)
    {
        Unigram unigram = new(list);
        long[] counts = new long[list.Words.Count];
        List<int> ids = [];
        foreach (ReadOnlySpan<char> run in text.Runs())
        {
            unigram.Cut(run, ids);
            foreach (int id in ids)
                if (id >= 0)
                    counts[id]++;
        }
        return
        [
            .. list.Words.Select((entry, id) => (entry.Word, counts[id])).Where(word => word.Item2 >= LeastCount),
        ];
    }

    private static bool IsTaken(string text, double share) =>
        (XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan())) >> 11) * (1.0 / (1L << 53)) < share;
}
