using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Keras;
using GauRuntime.Convert.Names;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>A checkpoint that has been understood: what model it is and where each of its tensors stands.</summary>
/// <param name="Encoder">Sizes and switches.</param>
/// <param name="Head">The head.</param>
/// <param name="Tensors">The model's tensors, in canonical order.</param>
/// <param name="Map">Where they are in the checkpoint.</param>
/// <param name="HeadLayer">The Keras layer taken for the head, if any.</param>
internal sealed record ModelSource(
    ModelConfig Encoder, HeadConfig Head, IReadOnlyList<TensorSpec> Tensors, SourceMap Map, string? HeadLayer)
{
    /// <summary>Matches checkpoint and configuration; no weight is read.</summary>
    /// <exception cref="GauFormatException">They contradict each other, or one is not supported.</exception>
    public static ModelSource Read(ICheckpoint checkpoint, ConfigFile config, ConvertOptions options)
    {
        KerasModel? keras = checkpoint is KerasCheckpoint file ? new KerasModel(file) : null;
        CheckpointNames? names = keras is null ? new CheckpointNames(checkpoint) : null;
        ModelConfig encoder =
            EncoderConfig.Read(config, keras?.Architecture ?? names!.Architecture, options.Dialect) with
            {
                Attention = options.AttentionType,
            };
        RequirePlausible(checkpoint, config, encoder);
        HeadEvidence evidence = keras?.ChooseHead(encoder.HiddenSize, options.HeadLayer) ?? names!.Evidence(checkpoint);
        LabelList? labels = options.Labels is null ? null : Labels.ReadFile(options.Labels);
        HeadConfig head = HeadReader.Read(config, encoder, evidence, labels, options.SegmentPolicy);
        IReadOnlyList<TensorSpec> tensors = ModelTensors.For(encoder, head);
        SourceMap map = keras is null
            ? SourceMap.ByName(checkpoint, names!, tensors, encoder, head.Kind, options.AllowExtra)
            : SourceMap.ByLayer((KerasCheckpoint)checkpoint, keras, tensors, encoder, options.AllowExtra);
        return new ModelSource(encoder, head, tensors, map, head.OutputCount > 0 ? keras?.HeadName : null);
    }

    /// <summary>Keeps what is allocated from a configuration in proportion to the checkpoint.</summary>
    private static void RequirePlausible(ICheckpoint checkpoint, ConfigFile config, ModelConfig encoder)
    {
        long widest = checkpoint.Tensors.Max(tensor => tensor.Shape.Count == 0 ? 1 : tensor.Shape.Max());
        foreach ((string key, int size) in ((string, int)[])[
            ("vocab_size", encoder.VocabSize), ("hidden_size", encoder.HiddenSize),
            ("intermediate_size", encoder.IntermediateSize), ("attention_key_size", encoder.KeySize)])
            if (size > widest)
                throw config.Fault(
                    key, $"{size}, but no tensor of the checkpoint is larger than {widest} in any dimension");
        if (encoder.LayerCount > checkpoint.Tensors.Count)
            throw config.Fault(
                "num_hidden_layers",
                $"{encoder.LayerCount}, but the checkpoint has only {checkpoint.Tensors.Count} tensors");
    }
}
