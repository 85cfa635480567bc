using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Aot;

/// <summary>A model file of the published base size, of seeded weights, with a head to score with.</summary>
internal static class BaseModel
{
    private const int Block = 64;

    public static void Write(string path)
    {
        ModelDescription described = RandomModel.Describe("base");
        HeadConfig head = described.Head with
        {
            Kind = HeadKind.SequenceClassification, Labels = ["a", "b", "c", "d"],
        };
        RandomModel.Write(path, described with { Head = head }, WeightType.Int8, Block);
    }
}
