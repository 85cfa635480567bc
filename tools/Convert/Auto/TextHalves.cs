using GauRuntime.Weights;

namespace GauRuntime.Convert.Auto;

/// <summary>Which half of the texts a search chooses on; the other half judges what was chosen.</summary>
internal sealed class TextHalves
{
    private readonly HashSet<int> choosing, judging;

    /// <param name="texts">Numbers of the texts that have something to measure; the odd one chooses.</param>
    public TextHalves(IReadOnlyCollection<int> texts)
    {
        judging = [.. texts.OrderBy(Mix).Take(texts.Count / 2)];
        choosing = [.. texts.Except(judging)];
    }

    /// <summary>Texts to choose on.</summary>
    public int Choosing => choosing.Count;

    public bool Judges(int number) => judging.Contains(number);

    public bool Chooses(int number) => choosing.Contains(number);

    /// <summary>SplitMix64 from seed 0: an order as if at random, the same on every machine.</summary>
    private static ulong Mix(int number) => SplitMix64.Mix(unchecked(((ulong)number + 1) * SplitMix64.Golden));
}
