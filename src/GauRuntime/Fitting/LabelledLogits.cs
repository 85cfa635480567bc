namespace GauRuntime.Fitting;

/// <summary>The logits of a text, and which of its outputs are right.</summary>
/// <param name="Logits">Finite [labels] or [choices].</param>
/// <param name="Right">Indices; of several labels any number, else one.</param>
internal readonly record struct LabelledLogits(float[] Logits, int[] Right);
