using GauRuntime.Train.Models;
using static TorchSharp.torch;

namespace GauRuntime.Train.Optimizers;

/// <summary>Settings of <see cref="Lamb"/>; those of the authors unless told.</summary>
internal sealed record LambSettings
{
    /// <summary>β₁ of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of the mean of their squares.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, outside of the root.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>λ, the weight decay, which is inside of the trust ratio.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Whether m and v are divided by 1 − βᵗ, as in the paper; the authors do not.</summary>
    public bool BiasCorrection { get; init; }

    /// <summary>Regular expressions of parameters that do not decay; none with the authors.</summary>
    public IReadOnlyList<string> NoDecay { get; init; } = [];

    /// <summary>Regular expressions of parameters whose trust ratio is 1; none with the authors.</summary>
    public IReadOnlyList<string> NoAdapt { get; init; } = [];
}

/// <summary>LAMB as GAU-α and RoFormerV2 were pretrained with it (bert4keras <c>optimizers.py</c>).</summary>
/// <remarks>
/// Of every tensor W: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², d = m / (√v + ε) + λ W, W ← W − η r d with the
/// trust ratio r = ‖W‖ / ‖d‖, or 1 where either is 0. So ‖ΔW‖ = η ‖W‖. Unlike the paper's (arXiv 1904.00962) it
/// corrects no bias, bounds no norm and leaves out no tensor.
/// </remarks>
internal sealed class Lamb : Optimizer
{
    private readonly LambSettings settings;
    private readonly bool[] decays, adapts;

    /// <param name="parameters">What is trained.</param>
    /// <param name="settings">How.</param>
    public Lamb(IReadOnlyList<Parameter> parameters, LambSettings settings)
        : base(parameters)
    {
        this.settings = settings;
        decays = NamePatterns.Others("--no-decay", settings.NoDecay, parameters.Select(one => one.Name));
        adapts = NamePatterns.Others("--no-adapt", settings.NoAdapt, parameters.Select(one => one.Name));
    }

    /// <inheritdoc/>
    protected override void Step(int index, Tensor w, Tensor g, Tensor m, Tensor v, double rate)
    {
        m.mul_(settings.Beta1).add_(g, 1 - settings.Beta1);
        v.mul_(settings.Beta2).addcmul_(g, g, 1 - settings.Beta2);
        double first = 1;
        Tensor root = v.sqrt();
        if (settings.BiasCorrection)
        {
            first = 1 - Math.Pow(settings.Beta1, Updates);
            root.div_(Math.Sqrt(1 - Math.Pow(settings.Beta2, Updates)));
        }
        // The gradient is used up: d takes its memory.
        Tensor d = decays[index] ? g.copy_(w).mul_(settings.WeightDecay) : g.zero_();
        d.addcdiv_(m, root.add_(settings.Epsilon), 1 / first);
        w.add_(d, -rate * Ratio(index, w, d));
    }

    private double Ratio(int index, Tensor w, Tensor d)
    {
        if (!adapts[index])
            return 1;
        double length = Norms.Euclidean(w), step = Norms.Euclidean(d);
        return length > 0 && step > 0 ? length / step : 1;
    }
}
