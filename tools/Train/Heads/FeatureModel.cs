using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Verification;
using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>A model that makes features, by the runtime's own 8-bit kernels, and its weights as numbers.</summary>
/// <remarks>
/// A checkpoint is converted into a temporary folder, and its weights are exact; those of a model file are as stored.
/// </remarks>
internal sealed class FeatureModel : IDisposable
{
    private readonly ScratchFolder? scratch;
    private readonly ModelFileReader? exact;

    private FeatureModel(GauModel model, ModelFileReader? exact, ScratchFolder? scratch) =>
        (Model, this.exact, this.scratch) = (model, exact, scratch);

    /// <summary>Makes the features.</summary>
    public GauModel Model { get; }

    /// <summary>Everything but the weights.</summary>
    public ModelDescription Description => (exact ?? Model.File).Description;

    /// <summary>
    /// Whether the weights come from a model file of 8-bit numbers, with the error that these made.
    /// </summary>
    public bool IsRounded =>
        exact is null && ModelTensors.For(Description).Any(spec => Model.File.StorageOf(spec).Type == WeightType.Int8);

    /// <summary>Opens a model file, or whatever checkpoint <c>gau-convert</c> reads without an option.</summary>
    /// <param name="path">A file, a folder or the prefix of a TensorFlow bundle.</param>
    /// <param name="threads">That compute.</param>
    /// <exception cref="Weights.GauFormatException">A file is malformed, or they do not fit together.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static FeatureModel Open(string path, int threads)
    {
        if (WeightSide.IsModelFile(path))
            return new FeatureModel(GauModel.Load(path, threads), null, null);
        ScratchFolder scratch = new();
        ModelFileReader? exact = null;
        try
        {
            string file = scratch.File("exact.safetensors"), stored = scratch.File("int8.safetensors");
            Converter.Run(
                new ConvertOptions { Checkpoint = path, Output = file, Type = WeightType.F32 },
                new ConvertMessages(TextWriter.Null, quiet: true, terminal: false));
            exact = ModelFileReader.Open(file);
            ModelFileReader weights = exact;
            ModelConfig config = exact.Description.Config with { Attention = AttentionType.Int8 };
            ModelFileWriter.Write(
                stored, exact.Description with { Config = config }, WeightType.Int8, block: null,
                (spec, w) => LogicalWeights.Read(weights, spec, w));
            return new FeatureModel(GauModel.Load(stored, threads), exact, scratch);
        }
        catch
        {
            exact?.Dispose();
            scratch.Dispose();
            throw;
        }
    }

    /// <summary>The values of a tensor of the encoder, row-major [out, in].</summary>
    public float[] Read(TensorSpec spec)
    {
        float[] w = new float[checked(spec.Rows * spec.Columns)];
        LogicalWeights.Read(exact ?? Model.File, spec, w);
        return w;
    }

    /// <summary>Where texts are cut.</summary>
    /// <param name="given">As the user says, or null.</param>
    /// <exception cref="ToolException">It is beyond the positions that the model has learned.</exception>
    public int Limit(int? given) => given > Model.MaxTokens
        ? throw new ToolException(ExitCode.Usage,
            $"--max-length {given}: the model has learned {Model.MaxTokens} positions, and no text has more tokens")
        : given ?? Model.UsualMaxTokens;

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        exact?.Dispose();
        scratch?.Dispose();
    }
}
