using System.Buffers;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>
/// A text with <c>[MASK]</c> and one place for another, <c>{text}</c>: the tokens before that place and behind it.
/// </summary>
/// <remarks>What is put there is tokenized by itself, and no special token stands in it.</remarks>
internal sealed class PromptTemplate
{
    private const string Place = "{text}";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private readonly GauTokenizer tokenizer;
    private readonly int[] before, behind;
    private readonly int[] masksBefore, masksBehind;   // their places there

    /// <summary>Reads a template.</summary>
    /// <param name="tokenizer">Makes its tokens.</param>
    /// <param name="template">The text.</param>
    /// <exception cref="ArgumentException">It has no [MASK], or not one place for a text.</exception>
    public PromptTemplate(GauTokenizer tokenizer, string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        this.tokenizer = tokenizer;
        string shown = $"template {WordIds.Shown(template)}";
        int at = template.IndexOf(Place, StringComparison.Ordinal);
        if (at < 0)
            throw new ArgumentException($"{shown}: it has no {Place}, where the text goes");
        string head = template[..at], tail = template[(at + Place.Length)..];
        if (tail.Contains(Place, StringComparison.Ordinal))
            throw new ArgumentException($"{shown}: it has {Place} twice, and the text goes to one place");
        if ((Field(head) ?? Field(tail)) is { } field)
            throw new ArgumentException($"{shown}: {field} is unknown; a template knows {Place}");
        (before, behind) = (Tokens(head), Tokens(tail));
        (masksBefore, masksBehind) = (Masks(before), Masks(behind));
        if (MaskCount == 0)
            throw new ArgumentException($"{shown}: it has no [MASK], where words go");
    }

    /// <summary>How many [MASK] it has.</summary>
    public int MaskCount => masksBefore.Length + masksBehind.Length;

    /// <summary>Its tokens, with [CLS] and [SEP], without a text.</summary>
    public int TokenCount => before.Length + behind.Length + GauTokenizer.SpecialsOfOne;

    /// <summary>
    /// Puts a text into it; of one that is too long the tail goes. Nothing tells where its tokens stand in the text.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maxTokens">Most tokens, more than it has itself.</param>
    /// <param name="own">The tokens of the text alone, on their way.</param>
    /// <param name="into">Receives the tokens.</param>
    public void Encode(ReadOnlySpan<char> text, int maxTokens, EncodedText own, EncodedText into)
    {
        tokenizer.EncodeAlone(text, own, maxTokens - TokenCount);
        into.Clear();
        into.AddSpecial(tokenizer.ClsId);
        foreach (int id in before)
            into.AddSpecial(id);
        foreach (int id in own.Ids)
            into.Add(id, 0, 0, 0);
        foreach (int id in behind)
            into.AddSpecial(id);
        into.AddSpecial(tokenizer.SepId);
        into.Complete(TokenCount + own.TotalTokens);
    }

    /// <summary>Where a [MASK] stands in a sequence that <see cref="Encode"/> made.</summary>
    /// <param name="mask">From 0.</param>
    /// <param name="length">Tokens of the sequence.</param>
    public int MaskPlace(int mask, int length) => mask < masksBefore.Length
        ? 1 + masksBefore[mask]
        : length - 1 - behind.Length + masksBehind[mask - masksBefore.Length];

    private int[] Tokens(string part)
    {
        EncodedText encoded = new(keepsSpans: false);
        tokenizer.Encode(part, encoded, parseSpecial: true);
        return encoded.Ids[1..^1].ToArray();
    }

    private int[] Masks(int[] ids) =>
        [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] == tokenizer.MaskId)];

    // What looks like the place of another field.
    private static string? Field(string part)
    {
        for (int open; (open = part.IndexOf('{', StringComparison.Ordinal)) >= 0; part = part[(open + 1)..])
        {
            int end = part.IndexOf('}', open);
            if (end > open + 1 && !part.AsSpan(open + 1, end - open - 1).ContainsAnyExcept(NameCharacters))
                return part[open..(end + 1)];
        }
        return null;
    }
}
