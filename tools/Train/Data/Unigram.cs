using System.Buffers;
using GauRuntime.Encoder;
using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary><c>unigram</c>: of all ways to cut a run, the one of the largest Σ log(count / total).</summary>
/// <remarks>
/// A character that the list lacks counts as half an occurrence; of equal ways, the one with the shorter last word. The
/// same words on every machine.
/// </remarks>
internal sealed class Unigram : HanSegmenter
{
    private const double UnknownCount = 0.5;

    private readonly string[] words;
    private readonly double[] scores;
    private readonly double unknown;
    private readonly WordTrie trie = new();

    /// <summary>Takes a word list.</summary>
    public Unigram(WordList list)
    {
        double total = list.Words.Sum(entry => (double)entry.Count);
        words = [.. list.Words.Select(entry => entry.Word)];
        scores = [.. list.Words.Select(entry => StrictMath.Log(entry.Count / total))];
        unknown = StrictMath.Log(UnknownCount / total);
        for (int id = 0; id < words.Length; id++)
            trie.Add(words[id], id);
    }

    /// <inheritdoc/>
    protected override void Cut(ReadOnlySpan<char> run, SplitMix64 stream, List<string> words)
    {
        List<int> ids = [];
        Cut(run, ids);
        int at = 0;
        for (int i = ids.Count - 1; i >= 0; i--)
        {
            string word = ids[i] >= 0 ? this.words[ids[i]] : run.Slice(at, -ids[i]).ToString();
            words.Add(word);
            at += word.Length;
        }
    }

    /// <summary>Cuts a run.</summary>
    /// <param name="run">Chinese characters.</param>
    /// <param name="ids">
    /// Receives the words from the last to the first: places in the list, or −n for an unknown character of n units.
    /// </param>
    internal void Cut(ReadOnlySpan<char> run, List<int> ids)
    {
        double[] best = ArrayPool<double>.Shared.Rent(run.Length + 1);   // of the run up to a unit
        int[] last = ArrayPool<int>.Shared.Rent(run.Length + 1);         // word of the best way there
        best.AsSpan(0, run.Length + 1).Fill(double.NegativeInfinity);
        best[0] = 0;
        for (int at = 0, size; at < run.Length; at += size)
        {
            size = Units(run[at..], 1);
            bool isKnown = false;
            int node = WordTrie.Root;
            for (int end = at; end < run.Length && (node = trie.Step(node, run[end])) != WordTrie.None;)
            {
                end++;
                if (trie.Word(node) is var word and not WordTrie.None)
                {
                    isKnown |= end == at + size;
                    Offer(end, best[at] + scores[word], word);
                }
            }
            if (!isKnown)
                Offer(at + size, best[at] + unknown, -size);
        }
        ids.Clear();
        for (int end = run.Length; end > 0; end -= ids[^1] >= 0 ? words[ids[^1]].Length : -ids[^1])
            ids.Add(last[end]);
        ArrayPool<double>.Shared.Return(best);
        ArrayPool<int>.Shared.Return(last);

        // Later offers are of shorter words, which win where they are equal.
        void Offer(int end, double score, int word)
        {
            if (score >= best[end])
                (best[end], last[end]) = (score, word);
        }
    }
}
