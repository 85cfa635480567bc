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
    /// <param name="destination">[h], or so many leading features as it has room for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pooling.</exception>
    public static void Pool(
        GauWorkspace workspace, GauBatch batch, int text, Pooling pooling, Span<float> destination) =>
        Pool(workspace, batch, text, pooling, 0, destination);

    /// <inheritdoc cref="Pool(GauWorkspace, GauBatch, int, Pooling, Span{float})"/>
    /// <param name="workspace">Holds the hidden states of a forward pass.</param>
    /// <param name="batch">The batch of that pass.</param>
    /// <param name="text">Index of the text.</param>
    /// <param name="pooling">Which vector.</param>
    /// <param name="leftOut">Tokens at its beginning that do not count; the last one does in any case.</param>
    /// <param name="destination">[h], or so many leading features as it has room for.</param>
    internal static void Pool(
        GauWorkspace workspace, GauBatch batch, int text, Pooling pooling, int leftOut, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(batch);
        if (!Enum.IsDefined(pooling))
            throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "no pooling");
        int first = batch.Start(text), start = first + Math.Min(leftOut, batch.Length(text) - 1);
        int n = first + batch.Length(text) - start;
        int features = Math.Min(destination.Length, workspace.Model.Config.HiddenSize);
        destination = destination[..features];
        workspace.Hidden(pooling == Pooling.Last ? start + n - 1 : start)[..features].CopyTo(destination);
        if (pooling == Pooling.WeightedMean)
            TensorPrimitives.Multiply(destination, start - first + 1, destination);
        // Element-wise over features, tokens in order: the same bits at any vector width.
        int end = pooling is Pooling.First or Pooling.Last ? 0 : start + n;
        for (int token = start + 1; token < end; token++)
        {
            ReadOnlySpan<float> hidden = workspace.Hidden(token)[..features];
            if (pooling == Pooling.Max)
                TensorPrimitives.Max(destination, hidden, destination);
            else if (pooling == Pooling.WeightedMean)
                TensorPrimitives.FusedMultiplyAdd(hidden, token - first + 1, destination, destination);
            else
                TensorPrimitives.Add(destination, hidden, destination);
        }
        if (pooling == Pooling.Mean)
            TensorPrimitives.Divide(destination, n, destination);
        else if (pooling == Pooling.MeanSqrtLenTokens)
            TensorPrimitives.Divide(destination, MathF.Sqrt(n), destination);
        else if (pooling == Pooling.WeightedMean)
            TensorPrimitives.Divide(destination, Positions(start - first + 1, n), destination);
        GC.KeepAlive(workspace);
    }

    /// <summary>Names the tokens of a text that poolings read, unless one of them reads all.</summary>
    /// <param name="poolings">Which vectors.</param>
    /// <param name="start">Index of the text's first token.</param>
    /// <param name="length">Its tokens.</param>
    /// <param name="leftOut">Tokens at its beginning that do not count; the last one does in any case.</param>
    /// <param name="tokens">To which their indexes are added, ascending.</param>
    /// <returns>False: one of them reads all, and none is added.</returns>
    internal static bool TryAddRead(
        IReadOnlyList<Pooling> poolings, int start, int length, int leftOut, List<int> tokens)
    {
        bool first = false, last = false;
        for (int i = 0; i < poolings.Count; i++)
        {
            if (poolings[i] is not (Pooling.First or Pooling.Last))
                return false;
            first |= poolings[i] == Pooling.First;
            last |= poolings[i] == Pooling.Last;
        }
        int firstToken = start + Math.Min(leftOut, length - 1), lastToken = start + length - 1;
        if (first)
            tokens.Add(firstToken);
        if (last && !(first && firstToken == lastToken))
            tokens.Add(lastToken);
        return true;
    }

    /// <summary>A text's vector, pooled and scaled.</summary>
    /// <param name="workspace">Holds the hidden states of a forward pass.</param>
    /// <param name="batch">The batch of that pass.</param>
    /// <param name="text">Index of the text.</param>
    /// <param name="pooling">Which vector.</param>
    /// <param name="normalize">Whether it is scaled to length 1.</param>
    /// <param name="vector">[h], or its leading features; what is longer keeps its rest.</param>
    /// <returns>False where a number is not finite; then there is no vector.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pooling.</exception>
    public static bool TryVector(
        GauWorkspace workspace, GauBatch batch, int text, Pooling pooling, bool normalize, Span<float> vector)
    {
        Pool(workspace, batch, text, pooling, vector);
        vector = vector[..Math.Min(vector.Length, workspace.Model.Config.HiddenSize)];
        if (!Probabilities.AllFinite(vector))
            return false;
        if (normalize)
            Normalize(vector);
        return true;
    }

    /// <summary>v / √(Σ v²), in place; a zero vector stays zero.</summary>
    /// <remarks>Summed in double, so that neither width nor order of a machine's vectors can show.</remarks>
    public static void Normalize(Span<float> vector) => Normalize(vector, 0);

    /// <summary>v / max(√(Σ v²), least), in place; a zero vector stays zero.</summary>
    internal static void Normalize(Span<float> vector, double least)
    {
        double sum = 0;
        foreach (float value in vector)
            sum += (double)value * value;
        if (sum == 0)
            return;
        double length = Math.Max(Math.Sqrt(sum), least);
        foreach (ref float value in vector)
            value = (float)(value / length);
    }

    // first + (first + 1) + …, n of them.
    private static float Positions(long first, int n) => n * (2 * first + n - 1) / 2;
}
