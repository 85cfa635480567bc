using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>
/// Inputs that go through the model together. An input is one sequence of tokens, or one for each choice.
/// </summary>
/// <param name="keepsPlaces">
/// Whether it keeps of every token where it stands in its text, of texts that say so.
/// </param>
/// <remarks>Reusable: <see cref="Clear"/> keeps the buffers. Not thread-safe.</remarks>
internal sealed class AnswerBatch(bool keepsPlaces)
{
    private readonly List<(TextInfo Text, int First)> inputs = [];
    private TokenSpan[] places = [];   // [tokens]

    /// <summary>The sequences of all inputs.</summary>
    public GauBatch Tokens { get; } = new();

    /// <summary>Number of inputs.</summary>
    public int Count => inputs.Count;

    /// <summary>What became of an input.</summary>
    public TextInfo Text(int input) => inputs[input].Text;

    /// <summary>The sequences of an input.</summary>
    public (int First, int Count) Sequences(int input)
    {
        int first = inputs[input].First;
        return (first, (input + 1 < Count ? inputs[input + 1].First : Tokens.Count) - first);
    }

    /// <summary>Where the tokens of a sequence stand in its text, where that is kept.</summary>
    public ReadOnlySpan<TokenSpan> Places(int sequence) =>
        places.AsSpan(Tokens.Start(sequence), Tokens.Length(sequence));

    /// <summary>What so many tokens take: ids, segments and positions, and places where they are kept.</summary>
    public long BytesFor(int tokens) => tokens * (keepsPlaces ? 24L : 12L);

    /// <summary>Adds an input.</summary>
    /// <returns>Its index.</returns>
    public int Add(EncodedTexts input)
    {
        inputs.Add((input.Info, Tokens.Count));
        for (int i = 0; i < input.Count; i++)
            AddSequence(input[i]);
        return Count - 1;
    }

    /// <summary>Adds an input of one sequence whose places nobody asks for.</summary>
    public void Add(ReadOnlySpan<int> ids, ReadOnlySpan<int> segments = default)
    {
        inputs.Add((new TextInfo(ids.Length, false, false), Tokens.Count));
        Tokens.Add(ids, segments);
    }

    /// <summary>Removes all inputs.</summary>
    public void Clear()
    {
        inputs.Clear();
        Tokens.Clear();
    }

    private void AddSequence(EncodedText text)
    {
        int start = Tokens.TokenCount;
        Tokens.Add(text.Ids, text.Segments);
        if (!keepsPlaces || !text.KeepsSpans)
            return;
        if (places.Length < Tokens.TokenCount)
            Array.Resize(ref places, Math.Max(Tokens.TokenCount, 2 * places.Length));
        text.Spans.CopyTo(places.AsSpan(start));
    }
}
