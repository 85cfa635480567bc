using GauRuntime.Train.Models;
using GauRuntime.Train.Numbers;
using GauRuntime.Train.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Pretraining;

/// <summary>An update of a model that learns to say what is masked.</summary>
/// <remarks>
/// What is dropped depends on the seed and the number of the update and on nothing else, so that a run which goes on
/// later computes the same.
/// </remarks>
/// <param name="model">The model.</param>
/// <param name="optimizer">What changes it.</param>
/// <param name="dropout">What is dropped.</param>
/// <param name="seed">Of the run.</param>
internal sealed class UpdateStep(TrainableModel model, Optimizer optimizer, DropoutRates dropout, ulong seed)
{
    /// <summary>The mean gradient of micro-batches, each of which counts the same; weights stay.</summary>
    /// <param name="update">Updates before this one.</param>
    /// <param name="batches">One or more, each with a target.</param>
    public UpdateResult Gradients(long update, IReadOnlyList<MaskedBatch> batches)
    {
        manual_seed(unchecked((long)Seeds.Mix64(seed, (ulong)update))).Dispose();
        double loss = 0, accuracy = 0;
        foreach (MaskedBatch batch in batches)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor hidden = model.Encode(batch.Tokens, dropout);
            (Tensor mean, Tensor correct, long targets) = Losses.MaskedLm(model, hidden, batch.Targets, dropout);
            (batches.Count == 1 ? mean : mean / batches.Count).backward();
            loss += mean.detach().ToDouble() / batches.Count;
            accuracy += correct.ToDouble() / targets / batches.Count;
        }
        return new UpdateResult(loss, accuracy, batches.Sum(batch => batch.TokenCount));
    }

    /// <summary>Changes the weights by the gradients, which are 0 then.</summary>
    /// <param name="rate">η, schedule included.</param>
    public void Apply(double rate) => optimizer.Step(rate);
}
