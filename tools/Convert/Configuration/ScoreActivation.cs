using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>What makes the logit of a cross-encoder its score, read where sentence-transformers does.</summary>
internal static class ScoreActivation
{
    private const string Modules = "modules.json", Settings = "config_sentence_transformers.json";
    private const string Key = "activation_fn", OldKey = "sbert_ce_default_activation_function";

    /// <summary>Reads it from the configuration, and from the files beside it where these count.</summary>
    /// <returns>Null where none says it.</returns>
    /// <exception cref="Weights.GauFormatException">It is something else than a sigmoid or nothing.</exception>
    public static Activation? Read(ConfigFile config)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(config.Path))!;
        string settings = Path.Combine(folder, Settings);
        bool counts = File.Exists(Path.Combine(folder, Modules)) && File.Exists(settings);
        return (counts ? Of(ConfigFile.Read(settings), Key) : null)
            ?? (config.Object("sentence_transformers") is { } own ? Of(own, Key) : null)
            ?? Of(config, OldKey);
    }

    // A class of PyTorch, by a path that differs between versions.
    private static Activation? Of(ConfigFile file, string key) => file.Text(key) is not { } path ? null
        : path[(path.LastIndexOf('.') + 1)..] switch
        {
            "Sigmoid" => Activation.Sigmoid,
            "Identity" => Activation.Identity,
            _ => throw file.Fault(key, $"'{path}' is not supported, only Sigmoid and Identity"),
        };
}
