namespace GauRuntime.Texts;

/// <summary>A batch's texts as a caller gave them.</summary>
internal static class Batches
{
    public static string Text(IReadOnlyList<string> texts, int index) =>
        texts[index] ?? throw new ArgumentException($"text {index} is null", nameof(texts));

    public static (string Text, string Pair) Pair(IReadOnlyList<(string Text, string Pair)> pairs, int index) =>
        pairs[index] is ({ } text, { } pair)
            ? (text, pair)
            : throw new ArgumentException($"a text of pair {index} is null", nameof(pairs));
}
