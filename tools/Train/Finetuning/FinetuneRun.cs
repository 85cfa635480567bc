using System.Diagnostics;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Train.Numbers;
using GauRuntime.Train.Optimizers;
using GauRuntime.Weights.ModelFile;
using TorchSharp;

namespace GauRuntime.Train.Finetuning;

/// <summary>Fine-tunes a model: some epochs over labelled records, of which the best by dev is kept.</summary>
/// <param name="model">With a new head; changed.</param>
/// <param name="data">What it learns and is judged by.</param>
/// <param name="settings">How.</param>
internal sealed class FinetuneRun(TrainableModel model, FinetuneData data, FinetuneSettings settings)
{
    private readonly HeadConfig head = model.Description.Head;
    private readonly DropoutRates dropout = new(settings.Dropout, settings.Dropout);
    private readonly Dictionary<string, float[]> best = new(StringComparer.Ordinal);   // the weights of that epoch
    private DevScore? bestScore;
    private long update;

    /// <summary>Told of every epoch.</summary>
    public Action<EpochReport>? Told { get; init; }

    /// <summary>Told of every update: the share of the run that is done, and the loss.</summary>
    public Action<double, double>? Progress { get; init; }

    /// <summary>The best epoch.</summary>
    public EpochReport Best { get; private set; } = null!;

    /// <summary>The weights of the best epoch.</summary>
    public Func<string, float[]> Weights => name => name == ModelTensors.HeadOut
        ? Array.ConvertAll(best[name], weight => (float)(weight * data.Values.Deviation))
        : name == ModelTensors.Bias(ModelTensors.HeadOut) ? Array.ConvertAll(best[name], data.Values.Plain)
        : best[name];

    /// <summary>Does the work.</summary>
    /// <exception cref="ToolException">The loss is no number any more.</exception>
    public void Run()
    {
        int batches = EpochPlan.Of(data.Train, settings.Batch, settings.Seed, 0).Count;
        long total = (long)settings.Epochs * ((batches + settings.Accumulate - 1) / settings.Accumulate);
        settings.Schedule.RequireRate(total);
        // The masked LM's own matrix has no part in the answers: decay alone would change it.
        Parameter[] trained = [.. model.Parameters.Where(parameter => parameter.Name != ModelTensors.Decoder)];
        using Optimizer optimizer = settings.IsAdamW
            ? new AdamW(trained, FinetuneSettings.AdamW)
            : new AdaFactor(trained, new AdaFactorSettings { Accumulate = settings.Accumulate });
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            double loss = Train(epoch, total, optimizer);
            HeadEvaluation dev = DevEvaluation.Of(model, data, settings.Batch);
            DevScore score = DevScore.Of(dev);
            bool isBest = score.IsBetterThan(bestScore);
            EpochReport report = new(epoch + 1, loss, dev, isBest, watch.Elapsed.TotalSeconds);
            if (isBest)
            {
                (bestScore, Best) = (score, report);
                foreach (Parameter parameter in model.Parameters)
                    best[parameter.Name] = model.Read(parameter.Name);
            }
            Told?.Invoke(report);
        }
    }

    private double Train(int epoch, long total, Optimizer optimizer)
    {
        double sum = 0;
        IReadOnlyList<int[]> batches = EpochPlan.Of(data.Train, settings.Batch, settings.Seed, epoch);
        foreach (int[][] together in batches.Chunk(settings.Accumulate))
        {
            // What is dropped depends on nothing but seed and update.
            torch.manual_seed((long)Seeds.Mix64(settings.Seed, (ulong)update));
            double loss = together.Sum(batch => Loss(batch, together.Length));
            if (!double.IsFinite(loss))
                throw new ToolException(ExitCode.Diverged,
                    $"epoch {epoch + 1}: the loss is no number any more; a smaller --rate may help");
            optimizer.Step(settings.EffectiveRate * settings.Schedule.FactorAt(update, total));
            update++;
            sum += loss;
            Progress?.Invoke((double)update / total, loss / together.Length);
        }
        return sum / batches.Count;
    }

    // The loss of a micro-batch; its gradients are added to those that are there.
    private double Loss(int[] batch, int together)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Example[] examples = [.. batch.Select(i => data.Train[i])];
        using TokenBatch tokens = ExampleBatch.Tokens(examples, model);
        torch.Tensor logits = model.Head(model.Encode(tokens, dropout), tokens);
        torch.Tensor targets = ExampleBatch.Targets(examples, head, tokens.Length, model.Device);
        torch.Tensor loss = Losses.Head(head, logits, targets, tokens);
        (loss / together).backward();
        return loss.ToDouble();
    }
}
