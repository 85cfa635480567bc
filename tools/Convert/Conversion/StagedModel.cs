using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>
/// A model file in the making: the stored weights and, where they are quantized, the exact ones beside them, until both
/// have computed the golden vectors that the finished file keeps.
/// </summary>
internal sealed class StagedModel(string output) : IDisposable
{
    private readonly string stored = $"{output}.stored.{Environment.ProcessId}";
    private readonly string exact = $"{output}.exact.{Environment.ProcessId}";

    /// <summary>Writes the weights, one tensor at a time.</summary>
    /// <returns>The error per matrix.</returns>
    public IReadOnlyList<TensorReport> Write(
        ModelDescription description, WeightType type, int block, Action<TensorSpec, Span<float>> read,
        Action<TensorReport>? progress)
    {
        if (type != WeightType.F32) ModelFileWriter.Write(exact, description, WeightType.F32, block, read, progress);
        return ModelFileWriter.Write(stored, description, type, block, read, progress);
    }

    /// <summary>Computes the golden vectors and puts the finished file in its place.</summary>
    /// <returns>The hash of its weights.</returns>
    public string Finish()
    {
        using GauModel model = GauModel.Load(stored);
        using GauModel? reference = File.Exists(exact) ? GauModel.Load(exact) : null;
        ModelFileWriter.AddGolden(model.File, output, GoldenVectors.Compute(reference ?? model, model));
        return model.File.Hash;
    }

    /// <summary>Removes what the finished file does not need.</summary>
    public void Dispose()
    {
        File.Delete(stored);
        File.Delete(exact);
    }
}
