using System.Globalization;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;
using TorchSharp;

namespace GauRuntime.Train.Models;

/// <summary>How much memory training takes, so that too little is told before anything is allocated.</summary>
internal static class TrainingMemory
{
    /// <summary>Tensors that each of our optimizers keeps of every weight: m and v.</summary>
    public const int OptimizerStates = 2;

    private const double TargetShare = 0.15;   // of tokens that whole-word masking makes targets

    /// <summary>Weights, gradients, what an optimizer keeps, and a batch with what its backward pass needs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="states">Tensors that the optimizer keeps of every weight.</param>
    /// <param name="texts">Texts of the batch.</param>
    /// <param name="length">Tokens of its longest text.</param>
    /// <returns>Bytes, an estimate.</returns>
    public static long BytesOf(
        ModelDescription model, torch.ScalarType type, int states = 0, long texts = 0, long length = 0)
    {
        long weights = ModelTensors.For(model).Sum(spec => (long)spec.Rows * spec.Columns);
        double numbers = weights * (2.0 + states) + texts * length * PerToken(model, length);
        return (long)Math.Min(numbers * (type == torch.ScalarType.Float64 ? 8 : 4), long.MaxValue / 2);
    }

    /// <summary>Throws where this is more than the process may use; of a graphics card nothing is known.</summary>
    /// <exception cref="ToolException">It is (69).</exception>
    public static void Require(long bytes, torch.Device device)
    {
        if (device.type == DeviceType.CPU)
            Require(bytes, "take a smaller batch or a smaller model");
    }

    /// <summary>Throws where this is more than the process may use.</summary>
    /// <param name="bytes">What it takes.</param>
    /// <param name="remedy">What to do where that is too much.</param>
    /// <inheritdoc cref="Require(long, torch.Device)" path="/exception"/>
    public static void Require(long bytes, string remedy)
    {
        long limit = MemoryLimit.OfProcess();
        if (bytes > limit)
            throw new ToolException(
                ExitCode.Unsupported,
                $"training takes about {Size(bytes)} of memory, and this process may use {Size(limit)}: "
                + remedy);
    }

    /// <summary>Numbers that the graph of the backward pass keeps of a token, in all layers.</summary>
    private static double PerToken(ModelDescription model, long length)
    {
        ModelConfig c = model.Config;
        double h = c.HiddenSize, e = c.IntermediateSize, keys = (double)c.HeadCount * c.KeySize;
        double attention = 3.0 * c.HeadCount * length;   // scores, weights, and what is dropped of them
        double layer = c.Traits.Layer == LayerKind.GatedAttention
            // before and after the activation, q and k turned; u ∘ A v; x + o, its norm, and what is dropped of o
            ? 2 * (2 * e + keys) + 6 * keys + 2 * e + 5 * h + attention
            // q, k, v and their copies by heads; both residuals; before and after the activation
            : 8 * keys + 4 * h + 10 * h + 2 * e + attention;
        double logits = model.Head.Kind == HeadKind.MaskedLm ? 3 * TargetShare * c.VocabSize : 0;
        return c.LayerCount * layer + 4.0 * c.EmbeddingWidth + logits;
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
