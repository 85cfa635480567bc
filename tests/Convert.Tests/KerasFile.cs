using PureHDF;

namespace GauRuntime.Convert.Tests;

/// <summary>Keras files made up by tests: a GAU model of one layer (V 8, h 4, e 6, s 2) and what a user put on it.</summary>
internal sealed class KerasFile
{
    public const int V = 8, H = 4, E = 6, S = 2;
    private const string Unit = "Transformer-0-GatedAttentionUnit";

    public const string Config =
        """
        {"vocab_size":8,"hidden_size":4,"intermediate_size":6,"attention_key_size":2,"num_hidden_layers":1,
         "num_attention_heads":1,"hidden_act":"swish"}
        """;

    private readonly List<(string Layer, (string Name, int[] Shape)[] Weights)> layers =
    [
        ("Embedding-Token", [("embeddings:0", [V, H])]),
        ("Embedding-Segment", [("embeddings:0", [2, H])]),
        (Unit, [("dense/kernel:0", [H, 2 * E + S]), ("scale_offset/gamma:0", [S]), ("scale_offset_1/gamma:0", [S]),
            ("dense_1/kernel:0", [E, H])]),
    ];

    /// <summary>Adds a layer.</summary>
    public KerasFile Add(string layer, params (string Name, int[] Shape)[] weights)
    {
        layers.Add((layer, weights));
        return this;
    }

    /// <summary>Adds a dense layer.</summary>
    public KerasFile Dense(string layer, int inputs, int outputs, bool bias = true) =>
        bias ? Add(layer, ("kernel:0", [inputs, outputs]), ("bias:0", [outputs])) : Add(layer, ("kernel:0", [inputs, outputs]));

    /// <summary>The weights of a tensor, which depend on its names alone.</summary>
    public static float[] Values(string layer, string name, int count)
    {
        int phase = (layer + name).Sum(c => c);
        return [.. Enumerable.Range(0, count).Select(i => MathF.Sin(phase + 1.7f * i))];
    }

    /// <summary>Writes <c>model.h5</c>, configuration and vocabulary.</summary>
    /// <param name="graph">JSON of <c>model_config</c>: a whole model; null: weights alone.</param>
    public TemporaryFolder Folder(string? graph = null, string config = Config)
    {
        H5Group weights = graph is null ? new H5File() : new H5Group();
        weights.Attributes["layer_names"] = layers.Select(layer => layer.Layer).ToArray();
        foreach ((string layer, (string Name, int[] Shape)[] tensors) in layers)
        {
            H5Group group = new();
            group.Attributes["weight_names"] = tensors.Select(tensor => $"{layer}/{tensor.Name}").ToArray();
            foreach ((string name, int[] shape) in tensors)
            {
                H5Group inner = group;
                string[] path = [layer, .. name.Split('/')];
                foreach (string part in path[..^1])
                    inner = inner.TryGetValue(part, out object? found) ? (H5Group)found : (H5Group)(inner[part] = new H5Group());
                float[] values = Values(layer, name, shape.Aggregate((a, b) => a * b));
                inner[path[^1]] = new H5Dataset(values, fileDims: [.. shape.Select(size => (ulong)size)]);
            }
            weights[layer] = group;
        }
        H5File file = weights as H5File ?? new H5File { ["model_weights"] = weights };
        if (graph is not null)
            file.Attributes["model_config"] = graph;
        TemporaryFolder folder = new();
        file.Write(folder.Path("model.h5"));
        folder.Write("config.json", config);
        folder.Write("vocab.txt", Safetensors.Vocabulary);
        return folder;
    }
}
