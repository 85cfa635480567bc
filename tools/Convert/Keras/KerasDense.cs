using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Keras;

/// <summary>A dense layer of a Keras model: a kernel [in, out] and perhaps a bias [out].</summary>
internal sealed record KerasDense(KerasLayer Layer, TensorEntry Kernel, TensorEntry? Bias)
{
    public string Name => Layer.Name;

    public long Inputs => Kernel.Shape[0];

    public long Outputs => Kernel.Shape[1];

    /// <summary>A layer as a dense one; null where it is another.</summary>
    public static KerasDense? Of(KerasLayer layer)
    {
        if (layer.Weights.Count is not (1 or 2))
            return null;
        TensorEntry kernel = layer.Weights[0];
        TensorEntry? bias = layer.Weights.Count > 1 ? layer.Weights[1] : null;
        return IsOwn(layer, kernel, "kernel") && kernel.Shape is [> 0, > 0 and <= 1_000_000]
            && (bias is null || (IsOwn(layer, bias, "bias") && bias.Shape is [var width] && width == kernel.Shape[1]))
            ? new KerasDense(layer, kernel, bias)
            : null;
    }

    /// <summary>
    /// Whether a weight has a name and is the layer's own. One of a layer inside of it, such as the dense layer of a
    /// GlobalPointer, has that layer's name between.
    /// </summary>
    private static bool IsOwn(KerasLayer layer, TensorEntry weight, string name)
    {
        string path = weight.Name[(layer.Name.Length + " :: ".Length)..];
        string last = path[(path.LastIndexOf('/') + 1)..];
        return (last == name || last == name + ":0")
            && path.Count(c => c == '/') <= layer.Name.Count(c => c == '/') + 1;
    }
}
