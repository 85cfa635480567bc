using GauRuntime.Train.Output;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>A model with another head, to be written.</summary>
internal static class HeadExport
{
    /// <summary>What it is.</summary>
    /// <remarks>
    /// A masked LM stays where it has no tensors but the encoder's; what BERT's and RoFormer's have beside it is left
    /// out, as in the checkpoints of their classifiers.
    /// </remarks>
    /// <param name="model">The model that features were made by.</param>
    /// <param name="head">The head.</param>
    public static ModelDescription Describe(ModelDescription model, HeadConfig head)
    {
        ModelConfig config = model.Config with { Attention = AttentionType.F32 };
        if (config.Traits.TransformsMaskedLm)
            config = config with { MaskedLmTransform = false, MaskedLmEps = null, UntiedDecoder = false };
        return model with { Config = config, Head = head, Embedding = null };
    }

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
