using System.Globalization;
using GauRuntime.Train.Optimizers;

namespace GauRuntime.Train.Finetuning;

/// <summary>How a model is fine-tuned.</summary>
internal sealed record FinetuneSettings
{
    /// <summary>The authors' rate, and what is usual for AdamW.</summary>
    public const double AdaFactorRate = 5e-4, AdamWRate = 3e-5;

    /// <summary>AdamW instead of AdaFactor.</summary>
    public bool IsAdamW { get; init; }

    /// <summary>η, of AdamW its greatest; null: the usual one.</summary>
    public double? Rate { get; init; }

    /// <summary>Records of a micro-batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Micro-batches of an update.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Times that every record is seen.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Share of hidden states and of attention's weights that is dropped.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>What all random numbers come from.</summary>
    public ulong Seed { get; init; }

    /// <summary>η.</summary>
    public double EffectiveRate => Rate ?? (IsAdamW ? AdamWRate : AdaFactorRate);

    /// <summary>How it goes: AdamW's rises in the first tenth and falls to 0, AdaFactor's stays.</summary>
    public Schedule Schedule => IsAdamW ? new Schedule([(0.1, 1), (1, 0)]) : Schedule.Constant;

    /// <summary>The settings of AdamW: norms' β and biases do not decay.</summary>
    public static AdamWSettings AdamW { get; } = new() { NoDecay = ["(bias|beta)$"], ClipNorm = 1 };

    /// <summary>What a model's card says.</summary>
    public IReadOnlyList<(string What, string Value)> Shown =>
    [
        ("optimizer", IsAdamW ? "AdamW, decay 0.01, gradients clipped to 1" : "AdaFactor, not factored"),
        ("rate", string.Create(CultureInfo.InvariantCulture, $"{EffectiveRate}")
            + (IsAdamW ? ", rising in the first tenth, then falling to 0" : ", constant")),
        ("batch", string.Create(CultureInfo.InvariantCulture, $"{Batch} records × {Accumulate}")),
        ("epochs", string.Create(CultureInfo.InvariantCulture, $"{Epochs}, the best by dev kept")),
        ("dropout", string.Create(CultureInfo.InvariantCulture, $"{Dropout}")),
    ];
}
