using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;

namespace GauRuntime.Train.Finetuning;

/// <summary>Examples that go through a model together, as tensors.</summary>
internal static class ExampleBatch
{
    /// <summary>Their tokens.</summary>
    public static TokenBatch Tokens(IReadOnlyList<Example> examples, TrainableModel model)
    {
        EncodedSequence[] sequences = [.. examples.SelectMany(example => example.Sequences)];
        int[][]? segments = model.Description.Config.SegmentCount == 0
            ? null : [.. sequences.Select(sequence => sequence.Segments)];
        return new TokenBatch([.. sequences.Select(sequence => sequence.Ids)], segments, model.Device)
        {
            Choices = examples[0].Sequences.Length,
        };
    }

    /// <summary>What is true of them, as <see cref="Losses.Head"/> takes it.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="head">What is trained.</param>
    /// <param name="length">Tokens of the longest sequence.</param>
    /// <param name="device">Where the tensor lies.</param>
    public static torch.Tensor Targets(
        IReadOnlyList<Example> examples, HeadConfig head, int length, torch.Device device)
    {
        bool sequence = head.Kind == HeadKind.SequenceClassification;
        if (sequence && head.ProblemType != ProblemType.SingleLabel)
        {
            float[] values = [.. examples.SelectMany(example => example.Values)];
            torch.Tensor tensor = torch.tensor(values).to(device);
            return head.ProblemType == ProblemType.MultiLabel ? tensor.reshape(examples.Count, -1) : tensor;
        }
        int width = head.Kind switch
        {
            HeadKind.TokenClassification => length,
            HeadKind.QuestionAnswering => 2,
            _ => 1,
        };
        long[] targets = new long[examples.Count * width];
        Array.Fill(targets, Example.NoTarget);
        for (int i = 0; i < examples.Count; i++)
            for (int k = 0; k < examples[i].Targets.Length; k++)
                targets[i * width + k] = examples[i].Targets[k];
        torch.Tensor all = torch.tensor(targets).to(device);
        return width == 1 ? all : all.reshape(examples.Count, width);
    }
}
