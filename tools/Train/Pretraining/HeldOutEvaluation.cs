using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Pretraining;

/// <summary>How well a model says what is masked in texts it is not trained on.</summary>
internal static class HeldOutEvaluation
{
    /// <summary>Loss in nats and accuracy, over all targets alike, without dropout.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batches">Samples, always masked the same way.</param>
    public static (double Loss, double Accuracy) Of(
        TrainableModel model, IEnumerable<IReadOnlyList<MaskedSample>> batches)
    {
        using IDisposable off = no_grad();
        double loss = 0, correct = 0;
        long targets = 0;
        foreach (IReadOnlyList<MaskedSample> samples in batches)
        {
            using DisposeScope scope = NewDisposeScope();
            using MaskedBatch batch = new(samples, model.Device);
            Tensor hidden = model.Encode(batch.Tokens, DropoutRates.None);
            (Tensor mean, Tensor right, long count) =
                Losses.MaskedLm(model, hidden, batch.Targets, DropoutRates.None);
            loss += mean.ToDouble() * count;
            correct += right.ToDouble();
            targets += count;
        }
        return (loss / targets, correct / targets);
    }
}
