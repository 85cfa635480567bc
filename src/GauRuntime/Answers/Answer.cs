using System.Runtime.InteropServices;
using GauRuntime.Heads;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>What a head says of an input. Used again for one input after another.</summary>
/// <remarks>
/// Filled by an <see cref="AnswerHead"/>, which allocates nothing once the buffers have grown. Places in texts are in
/// UTF-16 units. Not thread-safe.
/// </remarks>
internal abstract class Answer
{
    /// <summary>What became of the input.</summary>
    public TextInfo Text { get; set; }

    /// <summary>Why there is no answer, or null; with an error nothing else is to be read.</summary>
    public string? Error { get; set; }
}

/// <summary>An answer of numbers.</summary>
internal abstract class NumbersAnswer : Answer
{
    /// <summary>The numbers, for who reads them one by one.</summary>
    public List<float> Numbers { get; } = [];

    /// <summary>The numbers.</summary>
    public ReadOnlySpan<float> Values => CollectionsMarshal.AsSpan(Numbers);

    /// <summary>Room for so many; the content is what it was.</summary>
    public Span<float> Reset(int count)
    {
        CollectionsMarshal.SetCount(Numbers, count);
        return CollectionsMarshal.AsSpan(Numbers);
    }

    /// <summary>Hands the numbers to a caller.</summary>
    public TextInfo CopyTo(Span<float> destination)
    {
        Values.CopyTo(destination);
        return Text;
    }
}

/// <summary>A vector [dimensions].</summary>
internal sealed class VectorAnswer : NumbersAnswer;

/// <summary>
/// Of a sequence classifier: the probability of every label, or its logit, or the value of a regression [labels].
/// </summary>
internal sealed class LabelAnswer : NumbersAnswer
{
    /// <summary>What the numbers are of; distinct [labels].</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>The part of a caller's room that the numbers go to.</summary>
    /// <param name="probabilities">The room.</param>
    /// <param name="labels">How many there are.</param>
    /// <exception cref="ArgumentException">It is too small.</exception>
    public static Span<float> Outputs(Span<float> probabilities, int labels) => probabilities.Length >= labels
        ? probabilities[..labels]
        : throw new ArgumentException(
            $"room for {probabilities.Length} probabilities: the model has {labels} labels", nameof(probabilities));

    /// <summary>The most probable label, the first of equals; 0 in a regression.</summary>
    public int Best => Probabilities.Best(Values);
}

/// <summary>Of multiple choice: the probability of every choice [choices].</summary>
internal sealed class ChoiceAnswer : NumbersAnswer
{
    /// <summary>The most probable choice, the first of equals.</summary>
    public int Best => Probabilities.Best(Values);
}

/// <summary>Of a cross-encoder.</summary>
internal sealed class ScoreAnswer : Answer
{
    /// <summary>How well the texts of the pair go together; more is better.</summary>
    public float Score { get; set; }

    /// <summary>What the score is made of, and orders by: a sigmoid's floats near 1 tell few of them apart.</summary>
    public float Logit { get; set; }
}

/// <summary>Of token classification.</summary>
internal sealed class EntityAnswer : Answer
{
    /// <summary>In the order of the text, then of its pair.</summary>
    public List<TextEntity> Entities { get; } = [];
}

/// <summary>Of question answering: a place in the context, the second text of the pair.</summary>
internal sealed class SpanAnswer : Answer
{
    /// <summary>Whether there is one; there is none where no token of the context was seen.</summary>
    public bool Found { get; set; }

    /// <summary>Where it begins.</summary>
    public int Start { get; set; }

    /// <summary>Behind its last character.</summary>
    public int End { get; set; }

    /// <summary>p_start · p_end.</summary>
    public float Score { get; set; }
}

/// <summary>A [MASK] of an input.</summary>
/// <param name="Position">Among the tokens of the input, [CLS] being 0.</param>
/// <param name="InPair">Whether it stands in the second text of a pair.</param>
/// <param name="Start">Where in its text.</param>
internal readonly record struct MaskPlace(int Position, bool InPair, int Start);

/// <summary>Of the masked LM: the best tokens for every [MASK].</summary>
internal sealed class MaskAnswer : Answer
{
    private readonly List<MaskPlace> masks = [];
    private RankedToken[] tokens = [];   // [masks, top]
    private int top, ranked;

    /// <summary>In the order of the text.</summary>
    public ReadOnlySpan<MaskPlace> Masks => CollectionsMarshal.AsSpan(masks);

    /// <summary>
    /// The best tokens for a mask, best first; fewer than asked for only where the vocabulary, or the candidates, are
    /// no more.
    /// </summary>
    public ReadOnlySpan<RankedToken> Tokens(int mask) => tokens.AsSpan(mask * top, ranked);

    /// <summary>Begins it anew.</summary>
    /// <param name="most">Masks that may follow.</param>
    /// <param name="top">Tokens for each.</param>
    public void Reset(int most, int top)
    {
        masks.Clear();
        this.top = top;
        if (tokens.Length < checked(most * top))
            tokens = new RankedToken[most * top];
    }

    /// <summary>Adds a mask with the best of all tokens, or of candidates.</summary>
    public void Add(
        MaskPlace mask, GauTokenizer tokenizer, ReadOnlySpan<float> probabilities, MaskCandidates? candidates)
    {
        Span<RankedToken> best = tokens.AsSpan(masks.Count * top, top);
        ranked = candidates is null
            ? TokenRanking.Best(tokenizer, probabilities, best)
            : candidates.Best(tokenizer, probabilities, best);
        masks.Add(mask);
    }
}
