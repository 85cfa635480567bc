using System.Globalization;
using System.Text;

namespace GauRuntime.Benchmarks.Jobs;

/// <summary>Short texts of log-normal lengths, no two alike, the same for the same seed and model.</summary>
internal static class Corpus
{
    public const double Median = 20, Sigma = 0.7;

    private const int Shortest = 8, Longest = 512;   // tokens, [CLS] and [SEP] included
    private const int Seed = 2022;

    /// <summary>Records as lines of JSON, without end.</summary>
    /// <param name="model">Its vocabulary's ideographs make the texts; a character is a token.</param>
    public static IEnumerable<string> Lines(GauModel model)
    {
        string ideographs = string.Concat(Enumerable.Range(0, model.Tokenizer.VocabularySize)
            .Select(model.Tokenizer.Token).Where(token => token is [>= '一' and <= '鿿']));
        Random random = new(Seed);
        StringBuilder text = new();
        for (int i = 0; ; i++)
        {
            text.Clear();
            for (int left = Length(random) - 2; left > 0; left--)
                text.Append(ideographs[random.Next(ideographs.Length)]);
            yield return string.Create(CultureInfo.InvariantCulture, $$"""{"id":"r{{i}}","text":"{{text}}"}""");
        }
    }

    /// <summary>Writes records, each with a line feed behind it.</summary>
    public static void Write(string path, IEnumerable<string> lines)
    {
        using StreamWriter writer = new(path);
        foreach (string line in lines)
        {
            writer.Write(line);
            writer.Write('\n');
        }
    }

    private static int Length(Random random)
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
            * Math.Cos(2 * Math.PI * random.NextDouble());
        return (int)Math.Clamp(Math.Round(Median * Math.Exp(Sigma * normal)), Shortest, Longest);
    }
}
