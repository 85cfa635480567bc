using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Auto;

/// <summary>
/// What a way to store a model costs in time, without measuring: multiply-adds, weighted by the type of their product.
/// </summary>
/// <remarks>
/// The weights are ratios of benchmarks/results/amd-epyc-zen5-2c/kernels.md, [128, 768] × [768, 3200], tier avx512vnni.
/// Measured times would make the same command write another file on another day.
/// </remarks>
internal sealed class CostModel
{
    // Gop/s
    private const double Block64 = 667.1, F32 = 197.5, Block32 = 544.0, Block128 = 716.3, Block256 = 750.3;

    /// <summary>Norms, activations, quantization: as a share of the products of a model in int8 blocks of 64.</summary>
    private const double Rest = 0.15;

    private readonly double usual, rest;

    public CostModel(IReadOnlyList<StorageUnit> units)
    {
        StorageOption blocksOf64 = new(WeightType.Int8, 64);
        rest = Rest * units.Sum(unit => Of(unit, unit.IsAttention ? unit.Usual : blocksOf64));
        usual = units.Sum(unit => Of(unit, unit.Usual)) + rest;
    }

    /// <summary>Time of a unit, in multiply-adds of int8 blocks of 64.</summary>
    public static double Of(StorageUnit unit, int option) => Of(unit, unit.Options[option]);

    private static double Of(StorageUnit unit, StorageOption option) =>
        unit.Operations(option) * Block64 / option switch
        {
            { Type: WeightType.F32 } => F32,
            { Block: 32 } => Block32,
            { Block: 128 } => Block128,
            { Block: 256 } => Block256,
            _ => Block64,
        };

    /// <summary>
    /// Speed as a multiple of that of a model as the converter stores it unless told: in int8 blocks of 256, or fewer
    /// where these would be padded, with int8 attention.
    /// </summary>
    public double Speed(double productCost) => usual / (productCost + rest);
}
