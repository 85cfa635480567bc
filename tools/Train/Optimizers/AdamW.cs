using GauRuntime.Train.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Optimizers;

/// <summary>Settings of <see cref="AdamW"/>.</summary>
internal sealed record AdamWSettings
{
    /// <summary>β₁ of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of the mean of their squares.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, outside of the root.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ, the weight decay, apart from the gradient.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Regular expressions of parameters that do not decay.</summary>
    public IReadOnlyList<string> NoDecay { get; init; } = [];

    /// <summary>The greatest norm that all gradients together keep; null: any.</summary>
    public double? ClipNorm { get; init; }
}

/// <summary>Adam with decoupled weight decay (arXiv 1711.05101).</summary>
/// <remarks>
/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², W ← (1 − η λ) W − η · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ),
/// v̂ = v / (1 − β₂ᵗ).
/// </remarks>
internal sealed class AdamW : Optimizer
{
    private readonly AdamWSettings settings;
    private readonly bool[] decays;

    /// <param name="parameters">What is trained.</param>
    /// <param name="settings">How.</param>
    public AdamW(IReadOnlyList<Parameter> parameters, AdamWSettings settings)
        : base(parameters)
    {
        this.settings = settings;
        decays = NamePatterns.Others("--no-decay", settings.NoDecay, parameters.Select(one => one.Name));
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (settings.ClipNorm is not { } most)
            return;
        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = [.. Parameters.Select(one => one.Value.grad).OfType<Tensor>()];
        double norm = Math.Sqrt(gradients.Sum(Norms.SquareSum));
        if (norm > most)
            foreach (Tensor gradient in gradients)
                gradient.mul_(most / norm);
    }

    /// <inheritdoc/>
    protected override void Step(int index, Tensor w, Tensor g, Tensor m, Tensor v, double rate)
    {
        m.mul_(settings.Beta1).add_(g, 1 - settings.Beta1);
        v.mul_(settings.Beta2).addcmul_(g, g, 1 - settings.Beta2);
        if (decays[index])
            w.mul_(1 - rate * settings.WeightDecay);
        Tensor root = v.sqrt().div_(Math.Sqrt(1 - Math.Pow(settings.Beta2, Updates))).add_(settings.Epsilon);
        w.addcdiv_(m, root, -rate / (1 - Math.Pow(settings.Beta1, Updates)));
    }
}
