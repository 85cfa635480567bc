namespace GauRuntime.Convert.Auto;

/// <summary>Which half of the texts a search chooses on; the other half judges what was chosen.</summary>
internal sealed class TextHalves
{
    private readonly bool[] judging;

    /// <param name="texts">The number of texts; the odd one chooses.</param>
    public TextHalves(int texts)
    {
        judging = new bool[texts];
        foreach (int number in Enumerable.Range(0, texts).OrderBy(Mix).Take(texts / 2)) judging[number] = true;
    }

    public bool Judges(int number) => judging[number];

    /// <summary>SplitMix64 from seed 0: an order as if at random, the same on every machine.</summary>
    private static ulong Mix(int number)
    {
        ulong z = ((ulong)number + 1) * 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
