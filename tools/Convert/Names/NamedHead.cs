using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>The head of a checkpoint whose tensors are found by name.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Layer">The layer that the user takes for it; null: it has the port's own names.</param>
/// <param name="Beside">All layers that read the encoder.</param>
/// <param name="Width">The encoder's hidden_size: a layer that keeps it may stand between encoder and head.</param>
internal sealed record NamedHead(HeadKind Kind, LinearLayer? Layer, IReadOnlyList<LinearLayer> Beside, int Width)
{
    /// <summary>Whether a tensor may be missing: the bias of a layer that the user names, which is 0 then.</summary>
    public bool MayLack(TensorSpec spec) => Layer is not null && IsOutput(spec) && CheckpointNames.IsBias(spec.Name);

    /// <summary>Whether a tensor is that of another head: whoever names one of several gives up the others.</summary>
    public bool IsAnother(string tensor) => Layer is not null
        && Heads.Any(other => other != Layer && other.Owns(tensor));

    /// <summary>What to do where a tensor of the head is missing.</summary>
    public string AdviceFor(TensorSpec spec) =>
        Layer is null && IsOutput(spec) ? LinearLayers.Advice([.. Heads]) : "";

    /// <summary>What to do where tensors have no place: one may be that of a head.</summary>
    public string AdviceFor(IReadOnlyList<string> extra)
    {
        HashSet<string> tensors = [.. extra];
        return Layer is not null ? "" : LinearLayers.Advice([.. Heads.Where(layer => layer.OwnsAny(tensors))]);
    }

    private IEnumerable<LinearLayer> Heads => Beside.Where(layer => layer.Outputs != Width);

    private static bool IsOutput(TensorSpec spec) =>
        spec.Name.StartsWith(ModelTensors.HeadOut, StringComparison.Ordinal);
}
