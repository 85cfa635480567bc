namespace GauRuntime.Evaluation.Clue;

/// <summary>Places in a text as Python counts them.</summary>
internal sealed class CodePoints
{
    private readonly int[]? offsets;   // of each code point and of the end; null where every one is a character

    /// <param name="text">It is looked through once, however many places are asked for.</param>
    public CodePoints(string text)
    {
        Text = text;
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udbff'))
            return;
        List<int> all = new(text.Length + 1);
        for (int at = 0; at < text.Length; at += char.IsSurrogatePair(text, at) ? 2 : 1)
            all.Add(at);
        offsets = [.. all, text.Length];
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>The UTF-16 offset of a code point, or −1 beyond the text.</summary>
    public int Offset(int codePoint) =>
        codePoint < 0 || codePoint >= (offsets?.Length ?? Text.Length + 1) ? -1 : offsets?[codePoint] ?? codePoint;
}
