namespace GauRuntime;

/// <summary>What multiple choice says of the choices for a text.</summary>
/// <param name="Choice">The most probable, from 0; the first of equals.</param>
/// <param name="Probabilities">[choices], in their order; they sum to 1.</param>
/// <param name="Text">What became of the text: the tokens of all pairs, and whether one of them was cut.</param>
public sealed record ChosenText(int Choice, ReadOnlyMemory<float> Probabilities, TextInfo Text)
{
    /// <summary>How probable the choice is.</summary>
    public float Score => Probabilities.Span[Choice];
}
