using GauRuntime.Convert.Auto;
using GauRuntime.Convert.Measurement;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>
/// A model file in the making: the stored model and, where it quantizes anything, the exact one beside it, until both
/// have computed the golden vectors that the finished file keeps. Nothing of it stays, also when a signal ends the
/// program.
/// </summary>
internal sealed class StagedModel : IDisposable
{
    private readonly string output;
    private readonly string temporary;   // what the names of all temporary files begin with; nobody else's do
    private readonly string stored;
    private readonly string exact;
    private readonly string finished;
    private readonly SignalCleanup signals;

    /// <summary>Chooses names beside the output; writes nothing yet.</summary>
    public StagedModel(string output)
    {
        this.output = output;
        temporary = TemporaryName.Of(output);
        stored = temporary + ".stored";
        exact = temporary + ".exact";
        finished = temporary + ".finished";
        signals = new SignalCleanup(RemoveTemporaries);
    }

    /// <summary>Whether a model quantizes nothing, neither its weights nor in attention.</summary>
    public static bool IsExact(ModelDescription description, WeightType type) =>
        type == WeightType.F32 && description.Config.Attention == AttentionType.F32;

    /// <summary>Writes the weights, one tensor at a time.</summary>
    /// <returns>The error per matrix.</returns>
    public IReadOnlyList<TensorReport> Write(
        ModelDescription description, WeightType type, int? block, Action<TensorSpec, Span<float>> read,
        Action<TensorReport>? progress)
    {
        if (!IsExact(description, type))
        {
            ModelConfig config = description.Config with { Attention = AttentionType.F32 };
            ModelFileWriter.Write(
                exact, description with { Config = config }, WeightType.F32, block, read, progress);
        }
        return ModelFileWriter.Write(stored, description, type, block, read, progress);
    }

    /// <summary>Writes the exact weights alone: how they are stored is chosen later.</summary>
    public void WriteExact(
        ModelDescription description, Action<TensorSpec, Span<float>> read, Action<TensorReport>? progress)
    {
        ModelConfig config = description.Config with { Attention = AttentionType.F32 };
        ModelFileWriter.Write(exact, description with { Config = config }, WeightType.F32, 0, read, progress);
    }

    /// <summary>Chooses how to store what <see cref="WriteExact"/> wrote, and stores it so.</summary>
    /// <param name="target">The drift that is allowed.</param>
    /// <param name="samples">The texts it is measured on.</param>
    /// <param name="say">Told what is being done.</param>
    /// <returns>What was chosen, and the error per matrix.</returns>
    public (AutoResult Auto, IReadOnlyList<TensorReport> Reports) Choose(
        AutoTarget target, SampleFile samples, Action<string> say)
    {
        using GauModel model = GauModel.Load(exact);
        List<GauModel> models = [];
        AutoResult result;
        try
        {
            foreach (StorageOption option in StorageOption.OfMatrices)
            {
                if (option.Type != WeightType.Int8)
                    continue;
                say($"storing the model as {option}");
                models.Add(Stored(model.File, option));
            }
            models.Add(model);
            say($"asking the exact model about {samples.Path}");
            result = new AutoSearch(models, new DriftMeter(model, samples), target, say).Run();
        }
        finally
        {
            foreach (GauModel variant in models)
                variant.Dispose();
        }
        using ModelFileReader weights = ModelFileReader.Open(exact);
        ModelConfig config = weights.Description.Config with { Attention = result.Attention };
        return (result, ModelFileWriter.Write(
            stored, weights.Description with { Config = config }, result.Scheme,
            (spec, w) => LogicalWeights.Read(weights, spec, w)));
    }

    /// <summary>Compares the stored model with the exact one on texts.</summary>
    public Results Compare(SampleFile samples)
    {
        using GauModel reference = GauModel.Load(exact);
        using GauModel model = GauModel.Load(stored);
        return ModelComparison.Run(reference, model, samples);
    }

    /// <summary>Computes the golden vectors and writes the finished file, still under a name of its own.</summary>
    /// <param name="checkpoint">Where the weights come from, for the error.</param>
    /// <returns>The hash of its weights, and its size.</returns>
    /// <exception cref="GauFormatException">The weights are so large that the outputs are not finite.</exception>
    public (string Hash, long Bytes) Finish(string checkpoint)
    {
        using GauModel model = GauModel.Load(stored);
        using GauModel? reference = File.Exists(exact) ? GauModel.Load(exact) : null;
        IReadOnlyList<GoldenVector> golden = GoldenVectors.Compute(reference ?? model, model);
        if (golden.Any(vector => vector.Hidden.Any(value => !float.IsFinite(value))))
            throw new GauFormatException(checkpoint, "weights", "the model's hidden states are not finite numbers");
        ModelFileWriter.AddGolden(model.File, finished, golden);
        return (model.File.Hash, new FileInfo(finished).Length);
    }

    /// <summary>Puts the finished file in its place.</summary>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <exception cref="ToolException">A file of that name was made meanwhile.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Publish(bool replace)
    {
        try
        {
            FileMove.To(finished, output, replace);
        }
        catch (IOException fault) when (FileMove.IsTaken(fault))
        {
            throw new ToolException(
                ExitCode.CannotCreate, $"{output}: has been made by someone else meanwhile", output);
        }
        FolderFlush.Of(output);
    }

    /// <summary>Removes what the finished file does not need.</summary>
    public void Dispose()
    {
        signals.Dispose();
        RemoveTemporaries();
    }

    private GauModel Stored(ModelFileReader weights, StorageOption option)
    {
        string path = $"{temporary}.block{option.Block}";
        ModelFileWriter.Write(path, weights.Description, option.Type, option.Block,
            (spec, w) => LogicalWeights.Read(weights, spec, w));
        return GauModel.Load(path);
    }

    /// <summary>Half-written ones too.</summary>
    private void RemoveTemporaries()
    {
        string start = Path.GetFileName(temporary);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(output))!))
            if (Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal))
                File.Delete(file);
    }
}
