using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>
/// Proof that a copy of a model file computes what its maker saw: inputs with their outputs, kept in the file.
/// </summary>
public static class GoldenVectors
{
    private static ReadOnlySpan<int> Lengths => [3, 17, 40];

    /// <summary>Runs a model over inputs drawn from its vocabulary; the same inputs for the same sizes.</summary>
    /// <param name="exact">The model with unquantized weights and F32 attention, for the hidden states.</param>
    /// <param name="stored">The model as stored, for the bits; may be the same.</param>
    public static IReadOnlyList<GoldenVector> Compute(GauModel exact, GauModel stored)
    {
        ArgumentNullException.ThrowIfNull(exact);
        ArgumentNullException.ThrowIfNull(stored);
        List<GoldenVector> vectors = [];
        uint state = 2022;
        foreach (int usual in Lengths)
        {
            int length = Math.Min(usual, stored.MaxTokens);
            int[] ids = new int[length], segments = new int[length];
            for (int i = 0; i < length; i++)
            {
                state = state * 1664525 + 1013904223;
                ids[i] = (int)(state % (uint)stored.Config.VocabSize);
                segments[i] = stored.Config.SegmentCount > 1 && i > length / 2 ? 1 : 0;
            }
            (float[] hidden, _) = Run(exact, ids, segments);
            (_, string bits) = Run(stored, ids, segments);
            vectors.Add(new GoldenVector { Ids = ids, Segments = segments, Hidden = hidden, Bits = bits });
        }
        return vectors;
    }

    /// <summary>Re-runs a model's golden vectors.</summary>
    /// <exception cref="ArgumentException">A vector's ids are outside of the vocabulary.</exception>
    public static IReadOnlyList<GoldenCheck> Verify(GauModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        List<GoldenCheck> checks = [];
        foreach (GoldenVector vector in model.File.Golden)
        {
            (float[] hidden, string bits) = Run(model, [.. vector.Ids], [.. vector.Segments]);
            double worst = hidden.Length == vector.Hidden.Count ? 0 : double.PositiveInfinity;
            foreach ((float found, float expected) in hidden.Zip(vector.Hidden))
                worst = Math.Max(worst, Math.Abs((double)found - expected));
            checks.Add(new GoldenCheck(vector.Ids.Count, bits == vector.Bits, worst));
        }
        return checks;
    }

    /// <summary>
    /// First token's hidden state, and the hash of all hidden states, masked-LM logits of it where there are any, head
    /// logits, and the vector where the model says how it makes one.
    /// </summary>
    private static (float[] Hidden, string Bits) Run(GauModel model, int[] ids, int[] segments)
    {
        GauBatch batch = new();
        batch.Add(ids, segments);
        using GauWorkspace workspace = new(model);
        GauEncoder.Forward(model, batch, workspace);
        XxHash128 hash = new();
        for (int token = 0; token < ids.Length; token++)
            hash.Append(MemoryMarshal.AsBytes(workspace.Hidden(token)));
        if (model.Config.HasMaskedLm)
        {
            float[] logits = new float[model.Config.VocabSize];
            MaskedLmHead.Logits(model, workspace, [0], logits);
            hash.Append(MemoryMarshal.AsBytes(logits.AsSpan()));
        }
        Span<float> outputs = new float[model.Head.OutputCount];
        switch (model.Head.Kind)
        {
            case HeadKind.SequenceClassification or HeadKind.MultipleChoice:
                ClassifierHead.SequenceLogits(model, workspace, batch, 0, outputs);
                break;
            case HeadKind.TokenClassification or HeadKind.QuestionAnswering:
                ClassifierHead.TokenLogits(model, workspace, 0, outputs);
                break;
        }
        hash.Append(MemoryMarshal.AsBytes(outputs));
        if (model.Embedding is { } embedding)
        {
            float[] vector = new float[embedding.Width(model.Config.HiddenSize)];
            new EmbeddingLayers(model, embedding, normalize: false).TryVector(workspace, batch, 0, 0, vector);
            hash.Append(MemoryMarshal.AsBytes(vector.AsSpan()));
        }
        return (workspace.Hidden(0).ToArray(), Convert.ToHexStringLower(hash.GetCurrentHash()));
    }
}

/// <summary>Result of re-running a golden vector.</summary>
/// <param name="Tokens">Length of the input.</param>
/// <param name="SameBits">Whether every output float is, to the last bit, what the maker of the file saw.</param>
/// <param name="Difference">max |h − ĥ| of the first token's hidden state against the unquantized model.</param>
public sealed record GoldenCheck(int Tokens, bool SameBits, double Difference);
