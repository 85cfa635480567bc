using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>A linear layer beside the encoder: <c>NAME.weight</c> [outputs, hidden_size] and, maybe, a bias.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Outputs">Rows of its weight.</param>
internal sealed record LinearLayer(string Name, long Outputs)
{
    public const string Weight = ".weight", Bias = ".bias";

    /// <summary>Whether a tensor is its weight or its bias.</summary>
    public bool Owns(string tensor) => tensor == Name + Weight || tensor == Name + Bias;

    /// <summary>Whether its weight or its bias is among tensors.</summary>
    public bool OwnsAny(IReadOnlySet<string> tensors) =>
        tensors.Contains(Name + Weight) || tensors.Contains(Name + Bias);
}

/// <summary>The layers of a checkpoint that read the encoder, so that one of them may be the head.</summary>
internal static class LinearLayers
{
    private const long MostOutputs = 1_000_000;

    /// <summary>All of them, in file order.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="names">Its names: layers of the encoder and of the masked LM do not count.</param>
    /// <param name="width">The encoder's hidden_size.</param>
    public static IReadOnlyList<LinearLayer> Beside(ICheckpoint checkpoint, CheckpointNames names, int width) =>
    [
        .. checkpoint.Tensors
            .Where(entry => entry.Name.EndsWith(LinearLayer.Weight, StringComparison.Ordinal)
                && entry.Shape is [> 0 and <= MostOutputs, var inputs] && inputs == width
                && TensorLookup.IsFloat(entry.Type) && !names.IsOfEncoder(entry.Name) && entry != names.Decoder
                && !Untrained.Is(entry, checkpoint.Kind, []))
            .Select(entry => new LinearLayer(entry.Name[..^LinearLayer.Weight.Length], entry.Shape[0])),
    ];

    /// <summary>The layer that the user names: as a whole, or by the end of its name.</summary>
    /// <exception cref="GauFormatException">There is none, or several.</exception>
    public static LinearLayer Choose(ICheckpoint checkpoint, IReadOnlyList<LinearLayer> layers, string name)
    {
        string wanted = name.EndsWith(LinearLayer.Weight, StringComparison.Ordinal)
            ? name[..^LinearLayer.Weight.Length] : name;
        LinearLayer[] found = [.. layers.Where(layer => layer.Name == wanted)];
        if (found.Length == 0)
            found =
            [
                .. layers.Where(layer => layer.Name.EndsWith("." + wanted, StringComparison.Ordinal)
                    || layer.Name.EndsWith("/" + wanted, StringComparison.Ordinal)),
            ];
        return found switch
        {
            [var only] => only,
            [] => throw new GauFormatException(checkpoint.Path, name,
                "the checkpoint has no such linear layer beside the encoder; " + (layers.Count == 0
                    ? "it has none at all that reads the encoder" : $"there is {Listed(layers)}")),
            _ => throw new GauFormatException(
                checkpoint.Path, name, $"several layers end so: {Listed(found)}; give the whole name"),
        };
    }

    /// <summary>What to do where one of some layers may be the head; empty without any.</summary>
    public static string Advice(IReadOnlyList<LinearLayer> layers) => layers switch
    {
        [] => "",
        [var only] => $"; if {only.Name} [{only.Outputs} outputs] is the head, --head-layer {only.Name} takes it",
        _ => $"; one of {Listed(layers)} may be the head: --head-layer names the one to take",
    };

    private static string Listed(IReadOnlyList<LinearLayer> layers) =>
        string.Join(", ", layers.Take(10).Select(layer => $"{layer.Name} [{layer.Outputs} outputs]"))
        + (layers.Count > 10 ? ", …" : "");
}
