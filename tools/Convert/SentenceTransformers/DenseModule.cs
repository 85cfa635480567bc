using GauRuntime.Convert.Configuration;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>Reads the configuration of a Dense module.</summary>
internal static class DenseModule
{
    private const string Act = "activation_function", Usual = "torch.nn.modules.activation.Tanh";

    private static readonly (string Path, Activation Activation)[] Activations =
    [
        (Usual, Activation.Tanh), ("torch.nn.modules.linear.Identity", Activation.Identity),
        ("torch.nn.modules.activation.ReLU", Activation.Relu), ("torch.nn.modules.activation.GELU", Activation.Gelu),
        ("torch.nn.modules.activation.Sigmoid", Activation.Sigmoid),
        ("torch.nn.modules.activation.SiLU", Activation.Swish),
    ];

    /// <summary>The layer.</summary>
    /// <param name="config">The file.</param>
    /// <param name="inputs">Width of the vector before it.</param>
    /// <exception cref="Weights.GauFormatException">A value is not supported, or does not fit.</exception>
    public static EmbeddingDense Read(ConfigFile config, int inputs)
    {
        if (config.Flag("use_residual") == true)
            throw config.Fault("use_residual", "true is not supported");
        RequireSentence(config);
        int found = config.Required(1, int.MaxValue, "in_features");
        if (found != inputs)
            throw config.Fault("in_features", $"{found}, but the vector before it has {inputs} numbers");
        return new EmbeddingDense(
            config.Required(1, EmbeddingDense.MostOutputs, "out_features"), ActivationOf(config),
            config.Flag("bias") ?? true);
    }

    /// <summary>Refuses a module that works on something else than the vector of the text.</summary>
    public static void RequireSentence(ConfigFile config)
    {
        foreach (string key in (string[])["module_input_name", "module_output_name"])
            if (config.Text(key) is { } name && name != "sentence_embedding")
                throw config.Fault(key, $"'{name}' is not supported, only sentence_embedding");
    }

    private static Activation ActivationOf(ConfigFile config)
    {
        string path = config.Text(Act) ?? Usual;
        foreach ((string known, Activation activation) in Activations)
            if (path == known || path == "torch.nn" + known[known.LastIndexOf('.')..])
                return activation;
        string names = string.Join(", ", Activations.Select(known => known.Path[(known.Path.LastIndexOf('.') + 1)..]));
        throw config.Fault(Act, $"'{path}' is not supported, only {names} of torch.nn");
    }
}
