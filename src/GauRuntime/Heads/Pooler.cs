using System.Numerics.Tensors;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>One vector per text from its hidden states.</summary>
public static class Pooler
{
    /// <summary>Pools over the real tokens of a text; padding does not exist in a <see cref="GauBatch"/>.</summary>
    /// <param name="workspace">Holds the hidden states of a forward pass.</param>
    /// <param name="batch">The batch of that pass.</param>
    /// <param name="text">Index of the text.</param>
    /// <param name="pooling">Which vector.</param>
    /// <param name="destination">[h].</param>
    public static void Pool(GauWorkspace workspace, GauBatch batch, int text, Pooling pooling, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(batch);
        int start = batch.Start(text), n = batch.Length(text);
        workspace.Hidden(pooling == Pooling.Last ? start + n - 1 : start).CopyTo(destination);
        if (pooling is Pooling.First or Pooling.Last) return;

        // Element-wise over features, tokens in order: the same bits at any vector width.
        destination = destination[..workspace.Model.Config.HiddenSize];
        for (int token = start + 1; token < start + n; token++)
            if (pooling == Pooling.Mean) TensorPrimitives.Add(destination, workspace.Hidden(token), destination);
            else TensorPrimitives.Max(destination, workspace.Hidden(token), destination);
        if (pooling == Pooling.Mean) TensorPrimitives.Divide(destination, n, destination);
    }

    /// <summary>v / √(Σ v²), in place; a zero vector stays zero.</summary>
    /// <remarks>Summed in double, so that neither width nor order of a machine's vectors can show.</remarks>
    public static void Normalize(Span<float> vector)
    {
        double sum = 0;
        foreach (float value in vector) sum += (double)value * value;
        if (sum == 0) return;
        double length = Math.Sqrt(sum);
        foreach (ref float value in vector) value = (float)(value / length);
    }
}
