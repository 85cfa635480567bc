using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Train.Tests;

/// <summary>Records whose labels a model of a few weights can learn: which of some characters a text has.</summary>
internal static class TinyRecords
{
    private static readonly string[] Characters = [.. File.ReadAllLines(Fixtures.Gau("vocab.txt")).Where(
        token => token.Length == 1 && token[0] > 0x4e00)];

    /// <summary>Texts of ten characters, of which the fourth says the label; JSON Lines.</summary>
    public static string Texts(int count, int seed, params string[] labels)
    {
        Random random = new(seed);
        return string.Concat(Enumerable.Range(0, count).Select(i =>
        {
            int label = random.Next(labels.Length);
            return JsonSerializer.Serialize(new { id = i, text = Text(random, label), label = labels[label] }) + "\n";
        }));
    }

    /// <summary>The same as a table.</summary>
    public static string Table(int count, int seed, params string[] labels) => "text,label\n" + string.Concat(
        Texts(count, seed, labels).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            JsonElement record = JsonDocument.Parse(line).RootElement;
            return $"{record.GetProperty("text")},{record.GetProperty("label")}\n";
        }));

    /// <summary>A text of ten characters with the sign of a label.</summary>
    public static string Text(Random random, int label)
    {
        string[] others = Characters[10..40];
        return string.Concat(Enumerable.Range(0, 10).Select(
            i => i is 3 or 6 ? Characters[label] : others[random.Next(others.Length)]));
    }

    /// <summary>The sign of a label.</summary>
    public static string Sign(int label) => Characters[label];

    /// <summary>A number as it is written.</summary>
    public static string Of(double value) => value.ToString(CultureInfo.InvariantCulture);
}
