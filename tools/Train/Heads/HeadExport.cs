using GauRuntime.Train.Models;
using GauRuntime.Train.Output;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>A model with another head, to be written.</summary>
internal static class HeadExport
{
    /// <summary>What it is.</summary>
    /// <param name="model">The model that features were made by.</param>
    /// <param name="head">The head.</param>
    public static ModelDescription Describe(ModelDescription model, HeadConfig head) => model with
    {
        Config = TrainableModel.ConfigBeside(head, model.Config) with { Attention = AttentionType.F32 },
        Head = head, Embedding = null,
    };

    /// <summary>Writes it as a checkpoint.</summary>
    /// <param name="source">The encoder.</param>
    /// <param name="model">What <see cref="Describe"/> says.</param>
    /// <param name="head">The head.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="card">What a reader should know of it.</param>
    /// <param name="replace">Whether a checkpoint that is there may be replaced.</param>
    public static void Write(
        FeatureModel source, ModelDescription model, TrainedHead head, string folder, ModelCard card, bool replace)
    {
        Dictionary<string, TensorSpec> specs =
            ModelTensors.For(model).ToDictionary(spec => spec.Name, StringComparer.Ordinal);
        TrainedCheckpoint.Write(
            model, name => head.Tensor(name) ?? source.Read(specs[name]), folder, card, replace);
    }
}
