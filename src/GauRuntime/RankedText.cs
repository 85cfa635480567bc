namespace GauRuntime;

/// <summary>How well a candidate goes with a query.</summary>
/// <param name="Score">More is better; between 0 and 1 where the model's score is a sigmoid.</param>
/// <param name="Text">What became of the pair.</param>
public readonly record struct PairScore(float Score, TextInfo Text);

/// <summary>A candidate in the ranking of a query.</summary>
/// <param name="Index">Which of the candidates it is, from 0.</param>
/// <param name="Score">More is better; between 0 and 1 where the model's score is a sigmoid.</param>
/// <param name="Text">What became of the pair.</param>
public readonly record struct RankedText(int Index, float Score, TextInfo Text);
