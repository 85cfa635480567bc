using System.Text.RegularExpressions;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Names what a zip archive is that <c>torch.save</c> did not write.</summary>
internal static partial class ZipLookalike
{
    /// <summary>What the names of its members show, and what to do; null for a PyTorch checkpoint.</summary>
    public static string? Name(IReadOnlyList<string> members)
    {
        bool Has(Func<string, bool> isOne) => members.Any(isOne);
        bool Ends(string name) =>
            Has(member => member == name || member.EndsWith("/" + name, StringComparison.Ordinal));

        if (Has(member => member == "model.weights.h5"))
            return "a .keras file of Keras 3, which is not supported: save the weights as HDF5 with tf.keras 2 "
                + "(model.save_weights('model.h5'))";
        if (Ends("constants.pkl") || Has(member => member.Contains("/code/__torch__", StringComparison.Ordinal)))
            return "a TorchScript archive (torch.jit.save), which holds a program: save the weights alone with "
                + "torch.save(model.state_dict(), …)";
        if (Ends("data.pkl"))
            return null;
        if (Has(member => member == "[Content_Types].xml"))
            return "an office document, no checkpoint";
        if (Ends("META-INF/MANIFEST.MF"))
            return "a Java archive, no checkpoint";
        if (members.Count > 0 && members.All(member => member.EndsWith(".npy", StringComparison.Ordinal)))
            return "NumPy arrays (.npz), which are not supported: save them as safetensors";
        return members.FirstOrDefault(Weights().IsMatch) is { } packed
            ? $"an archive of files, '{packed}' among them: unpack it, and convert the folder"
            : "no data.pkl inside: not a PyTorch checkpoint";
    }

    [GeneratedRegex(
        "\\.(bin|pt|pth|safetensors|h5|hdf5|keras|weights|index|pb|pdparams|msgpack|onnx|gguf)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Weights();
}
