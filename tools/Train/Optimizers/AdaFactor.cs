using GauRuntime.Train.Models;
using static TorchSharp.torch;

namespace GauRuntime.Train.Optimizers;

/// <summary>Settings of <see cref="AdaFactor"/>; those of the authors unless told.</summary>
internal sealed record AdaFactorSettings
{
    /// <summary>β₁ of the mean of steps.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>ε₁, added to squares.</summary>
    public double SquareEpsilon { get; init; } = 1e-30;

    /// <summary>ε₂, the least root mean square that a tensor is taken to have.</summary>
    public double LeastScale { get; init; } = 1e-3;

    /// <summary>The largest root mean square of a step before its mean is taken.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Micro-batches of an update, each of which counts for β₂.</summary>
    public int Accumulate { get; init; } = 1;
}

/// <summary>AdaFactor, not factored, as the authors fine-tune with it (bert4keras <c>optimizers.py</c>).</summary>
/// <remarks>
/// t counts micro-batches: β₂ = 1 − t^(−0.8), v ← β₂ v + (1 − β₂)(g² + ε₁), u = g / √(v + ε₁), divided by its root mean
/// square where that is above 1, m ← β₁ m + (1 − β₁) u, W ← W − η · max(rms(W), ε₂) · m. Nothing decays.
/// </remarks>
/// <param name="parameters">What is trained.</param>
/// <param name="settings">How.</param>
internal sealed class AdaFactor(IReadOnlyList<Parameter> parameters, AdaFactorSettings settings) : Optimizer(parameters)
{
    private const double Decay = -0.8;

    /// <inheritdoc/>
    protected override void Step(int index, Tensor w, Tensor g, Tensor m, Tensor v, double rate)
    {
        double fresh = Math.Pow((double)Updates * settings.Accumulate, Decay);   // 1 − β₂
        v.mul_(1 - fresh).addcmul_(g, g, fresh).add_(fresh * settings.SquareEpsilon);
        Tensor u = g.div_(v.add(settings.SquareEpsilon).sqrt_());
        double size = Norms.RootMeanSquare(u);
        m.mul_(settings.Beta1).add_(u, (1 - settings.Beta1) / Math.Max(1, size / settings.Clip));
        w.add_(m, -rate * Math.Max(Norms.RootMeanSquare(w), settings.LeastScale));
    }
}
