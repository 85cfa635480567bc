namespace GauRuntime.Train.Data;

/// <summary>Finds runs of 2 to 8 characters that hold together and stand in many contexts.</summary>
/// <remarks>
/// All places of the text are sorted by the eight characters that follow, so that the occurrences of an n-gram lie side
/// by side: six bytes a character beside the text, and time n log n. Not thread-safe.
/// </remarks>
internal sealed class WordCandidates
{
    private const int Longest = 8, LeastCount = 5;
    private const double LeastInformation = 2, LeastEntropy = 1.5;   // nats

    private readonly HanText text;
    private readonly int[] places;
    private readonly char[] next;                                    // scratch [places]
    private readonly int[] neighbours = new int[char.MaxValue + 1];  // scratch, all 0
    private readonly List<(int Place, int Length, int Count)> free = [];

    private WordCandidates(HanText text)
    {
        this.text = text;
        ReadOnlySpan<char> units = text.Units;
        int count = 0;
        foreach (char unit in units)
            count += TextRuns.IsHan(unit) ? 1 : 0;
        (places, next) = (new int[count], new char[count]);
        for (int i = 0, filled = 0; i < units.Length; i++)
            if (TextRuns.IsHan(units[i]))
                places[filled++] = i;
    }

    /// <summary>
    /// The n-grams that occur 5 times or more, with neighbours of entropy ≥ 1.5 on both sides, be these Chinese
    /// characters or others, and with log(c(ab) · N / (c(a) · c(b))) ≥ 2 wherever they are parted into a and b.
    /// </summary>
    public static IEnumerable<(string Word, long Count)> In(HanText text)
    {
        WordCandidates found = new(text);
        found.Visit(0, found.places.Length, 0);
        foreach ((int place, int length, int count) in found.free)
            if (found.HoldsTogether(place, length, count))
                yield return (text.Units.Slice(place, length).ToString(), count);
    }

    // Those places of [low, high) that are followed by the same characters, up to so many.
    private void Visit(int low, int high, int length)
    {
        ReadOnlySpan<char> units = text.Units;
        double left = length > 1 ? LeftEntropy(low, high) : 0;
        for (int i = low; i < high; i++)
            next[i] = units[places[i] + length];
        next.AsSpan(low, high - low).Sort(places.AsSpan(low, high - low));
        double repeated = 0;   // Σ c log c over the characters that follow
        for (int from = low, to; from < high; from = to)
        {
            char follower = next[from];
            for (to = from; to < high && next[to] == follower;)
                to++;
            int count = to - from;
            repeated += count * Math.Log(count);
            if (count >= LeastCount && length < Longest && TextRuns.IsHan(follower))
                Visit(from, to, length + 1);
        }
        int all = high - low;
        if (length > 1 && left >= LeastEntropy && Math.Log(all) - repeated / all >= LeastEntropy)
            free.Add((places[low], length, all));
    }

    private double LeftEntropy(int low, int high)
    {
        ReadOnlySpan<char> units = text.Units;
        for (int i = low; i < high; i++)
            neighbours[units[places[i] - 1]]++;
        double repeated = 0;
        for (int i = low; i < high; i++)
        {
            ref int count = ref neighbours[units[places[i] - 1]];
            if (count > 0)
                repeated += count * Math.Log(count);
            count = 0;
        }
        return Math.Log(high - low) - repeated / (high - low);
    }

    private bool HoldsTogether(int place, int length, int count)
    {
        ReadOnlySpan<char> word = text.Units.Slice(place, length);
        for (int split = 1; split < length; split++)
        {
            double expected = (double)Count(word[..split]) * Count(word[split..]) / places.Length;
            if (Math.Log(count / expected) < LeastInformation)
                return false;
        }
        return true;
    }

    // How often a part of a candidate occurs: it is as frequent as that, so that its places have been sorted.
    private int Count(ReadOnlySpan<char> part)
    {
        int low = 0, high = places.Length;
        for (int at = 0; at < part.Length; at++)
            (low, high) = (First(low, high, at, part[at]), First(low, high, at, part[at] + 1));
        return high - low;
    }

    // The first of [low, high), sorted by a character, that has this one or a later one.
    private int First(int low, int high, int at, int character)
    {
        ReadOnlySpan<char> units = text.Units;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (units[places[middle] + at] < character)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
