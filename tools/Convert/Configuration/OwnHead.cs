using System.Text.Json;
using GauRuntime.Convert.Names;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>
/// A head that no class of the ports has, such as a linear one on the mean of a BERT's tokens: the configuration
/// describes it under <see cref="Key"/> as model files do under <c>gau.head</c>. Its tensors have the ports' names.
/// </summary>
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
            ?? (config.Has("architectures") ? "architectures names a head too: leave one of them out" : null)
            ?? (head.Segments == SegmentPolicy.Pairs && encoder.SegmentCount < 2
                ? $"segments pairs, but there are {encoder.SegmentCount} segment embeddings" : null);
        return wrong is null ? new OwnHead(config, head) : throw config.Fault(Key, wrong);
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
