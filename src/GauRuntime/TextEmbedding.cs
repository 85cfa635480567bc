namespace GauRuntime;

/// <summary>A text's vector.</summary>
/// <param name="Vector">[dimensions].</param>
/// <param name="Text">What became of the text.</param>
public sealed record TextEmbedding(ReadOnlyMemory<float> Vector, TextInfo Text);
