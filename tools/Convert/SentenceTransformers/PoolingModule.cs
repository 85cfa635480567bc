using GauRuntime.Convert.Configuration;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>Reads the configuration of a Pooling module, written by any version.</summary>
internal static class PoolingModule
{
    private const string Modes = "pooling_mode";

    /// <summary>The switches of versions before <c>pooling_mode</c>, in the order of the output.</summary>
    private static readonly (string Key, string Name)[] Switches =
    [
        ("pooling_mode_cls_token", "cls"), ("pooling_mode_max_tokens", "max"), ("pooling_mode_mean_tokens", "mean"),
        ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
        ("pooling_mode_weightedmean_tokens", "weightedmean"), ("pooling_mode_lasttoken", "lasttoken"),
    ];

    /// <summary>What is pooled, in the order of the output.</summary>
    /// <param name="config">The file.</param>
    /// <param name="hidden">h, the width of the hidden states.</param>
    /// <exception cref="Weights.GauFormatException">A value is unknown, or contradicts another.</exception>
    public static IReadOnlyList<Pooling> Poolings(ConfigFile config, int hidden)
    {
        RequireWidth(config, hidden);
        string? other = config.KeysNotFalse(Modes + "_")
            .FirstOrDefault(key => !Switches.Any(known => known.Key == key));
        if (other is not null)
            throw config.Fault(other, "not supported");
        string[] switched = [.. Switches.Where(known => config.Flag(known.Key) == true).Select(known => known.Name)];
        if (config.TextOrTexts(Modes) is not { } modes)
            return [.. (switched.Length == 0 ? ["mean"] : switched).Select(name => PoolingName.Parse(name)!.Value)];
        if (modes.Count == 0)
            throw config.Fault(Modes, "an empty list");
        foreach ((string key, string name) in Switches)
            if (config.Flag(key) is { } value && value != modes.Contains(name))
                throw config.Fault(key, $"{TokenizerFiles.Json(value)}, but {Modes} is {string.Join(", ", modes)}: "
                    + "make them agree");
        return
        [
            .. modes.Select(name => PoolingName.Parse(name) ?? throw config.Fault(
                Modes, $"'{name}' is not supported, only {string.Join(", ", PoolingName.All)}")),
        ];
    }

    private static void RequireWidth(ConfigFile config, int hidden)
    {
        string[] keys = ["word_embedding_dimension", "embedding_dimension"];
        if (!keys.Any(config.Has))
            throw config.Fault(keys[0], "missing");
        foreach (string key in keys)
            if (config.Integer(key, 1, int.MaxValue) is { } width && width != hidden)
                throw config.Fault(key, $"{width}, but the hidden states have {hidden} numbers");
    }
}
