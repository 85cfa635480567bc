using System.Runtime.InteropServices;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>
/// The token sequences of one input, in buffers that are used again: one, or one for each choice or window.
/// </summary>
/// <param name="keepsPlaces">Whether it knows of every token where it stands, though no answer says so.</param>
internal sealed class EncodedTexts(bool keepsPlaces = false)
{
    private readonly List<EncodedText> texts = [];
    private char[] joined = [];

    /// <summary>Number of sequences.</summary>
    public int Count { get; private set; }

    /// <summary>Whether they are windows of one text.</summary>
    public bool AreWindows { get; set; }

    /// <summary>Why the input cannot be turned into sequences, or null.</summary>
    public string? Fault { get; set; }

    /// <summary>Cuts a text into windows.</summary>
    public WindowCuts Cuts { get; } = new();

    /// <summary>Tokens of a text that stands beside windows, on their way to be counted.</summary>
    public EncodedText Beside { get; } = new(keepsSpans: false);

    /// <summary>What became of all of them: tokens together, whether one was cut, whether all are empty.</summary>
    public TextInfo Info
    {
        get
        {
            TextInfo info = new(0, false, true);
            foreach (EncodedText text in CollectionsMarshal.AsSpan(texts)[..Count])
                info = new TextInfo(
                    info.Tokens + text.Ids.Length, info.Truncated || text.Truncated, info.IsEmpty && text.IsEmpty);
            return AreWindows ? info with { Windows = Count } : info;
        }
    }

    public EncodedText this[int text] => texts[text];

    public void Clear() => (Count, AreWindows, Fault) = (0, false, null);

    /// <summary>A text behind a prefix, valid until the next.</summary>
    public ReadOnlySpan<char> Join(string prefix, ReadOnlySpan<char> text)
    {
        if (prefix.Length == 0)
            return text;
        int length = checked(prefix.Length + text.Length);
        if (joined.Length < length)
            joined = new char[(int)Math.Max(length, Math.Min(2L * joined.Length, Array.MaxLength))];
        prefix.CopyTo(joined);
        text.CopyTo(joined.AsSpan(prefix.Length));
        return joined.AsSpan(0, length);
    }

    /// <summary>A buffer for the next sequence.</summary>
    /// <param name="needsPlaces">Whether it has to know of every token where it stands.</param>
    public EncodedText Next(bool needsPlaces)
    {
        if (Count == texts.Count)
            texts.Add(new EncodedText(keepsSpans: false));
        EncodedText text = texts[Count++];
        text.Prepare(keepsPlaces || needsPlaces);
        return text;
    }
}
