using System.Text.Json;
using GauRuntime.Convert.Names;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>
/// A head that the ports' configurations cannot say, such as a linear one on the mean of a BERT's tokens: this one
/// describes it under <see cref="Key"/> as model files do under <c>gau.head</c>. Its tensors have the ports' names.
/// </summary>
/// <remarks>What the configuration says of the head besides, for the port's class, must not contradict it.</remarks>
internal sealed class OwnHead
{
    public const string Key = "gau_head";

    private readonly ConfigFile config;

    private OwnHead(ConfigFile config, HeadConfig head) => (this.config, Head) = (config, head);

    /// <summary>The head.</summary>
    public HeadConfig Head { get; }

    /// <summary>Its outputs, for whoever names them otherwise.</summary>
    public ClassifierOutputs Outputs => new(Key, Head.OutputCount);

    /// <summary>Reads it; null where the configuration describes none.</summary>
    /// <exception cref="GauFormatException">It is malformed, or does not fit the encoder.</exception>
    public static OwnHead? Read(ConfigFile config, ModelConfig encoder)
    {
        if (config.Object(Key) is not { } json)
            return null;
        HeadConfig head;
        try
        {
            head = JsonSerializer.Deserialize(json.Json, ModelMetadataJson.Default.HeadConfig)!;
        }
        catch (JsonException fault)
        {
            throw config.Fault(Key, $"not what gau.head of a model file is, at {Printable.OneLine(fault.Path ?? "$")}");
        }
        string? wrong = head.Fault()
            ?? (head.Segments == SegmentPolicy.Pairs && encoder.SegmentCount < 2
                ? $"segments pairs, but there are {encoder.SegmentCount} segment embeddings" : null);
        return wrong is null ? new OwnHead(config, head) : throw config.Fault(Key, wrong);
    }

    /// <summary>Refuses a configuration that says something else for the port's class.</summary>
    /// <param name="named">The head of that class; null: it names none.</param>
    /// <exception cref="GauFormatException">It does.</exception>
    public void RequireAgreement(HeadKind? named)
    {
        if (named is { } kind && kind != Head.Kind)
            throw config.Fault(Key, $"{JsonName.Of(Head.Kind)}, but architectures says {JsonName.Of(kind)}");
        if ((config.Has("id2label") || config.Has("label2id"))
            && !Labels.Read(config, null, Outputs).SequenceEqual(Head.Labels))
            throw config.Fault(Key, "its labels are not those of id2label: make them agree");
    }

    /// <summary>Refuses what would choose another head.</summary>
    /// <exception cref="GauFormatException">The checkpoint's tensors have no names of the ports.</exception>
    /// <exception cref="ToolException">The user names a layer.</exception>
    public void Require(HeadEvidence evidence)
    {
        if (evidence.Kind is not (CheckpointKind.Safetensors or CheckpointKind.Torch))
            throw config.Fault(
                Key, "it describes the head of a safetensors or PyTorch checkpoint, and this is neither");
        if (evidence.Layer is not null)
            throw new ToolException(ExitCode.Usage,
                $"--head-layer names the layer of a head, and {Key} of the configuration describes it: leave it out.");
    }
}
