namespace GauRuntime.Evaluation.Clue;

/// <summary>Places in a text as Python counts them.</summary>
internal static class CodePoints
{
    /// <summary>The UTF-16 offset of a code point, or −1 beyond the text.</summary>
    public static int Offset(string text, int codePoint)
    {
        if (codePoint < 0)
            return -1;
        int at = 0;
        for (int i = 0; i < codePoint; i++)
        {
            if (at >= text.Length)
                return -1;
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        }
        return at;
    }
}
