using GauRuntime.Weights;

namespace GauRuntime.Convert.Configuration;

/// <summary>What the files of Hugging Face's libraries beside the weights say of the tokenizer.</summary>
/// <remarks>
/// A setting may stand in several of them: <c>tokenizer_config.json</c> comes before the normalizer of
/// <c>tokenizer.json</c>, as BERT's classes have it, and <c>special_tokens_map.json</c> last; what is overruled is
/// told. Where they contradict each other otherwise, neither is believed. What has no counterpart here is refused,
/// unless it says what is done anyway.
/// </remarks>
internal sealed class TokenizerFiles
{
    public const string ConfigName = "tokenizer_config.json";

    private const string MapName = "special_tokens_map.json",
        AddedName = "added_tokens.json", FastName = "tokenizer.json", ClassKey = "tokenizer_class";

    private static readonly string[] Further = ["additional_special_tokens", "extra_special_tokens"];

    private readonly ConfigFile? config, map, model;   // the last is the model's own, config.json

    private readonly List<string> overruled = [], renamed = [];

    /// <summary>Reads those that are there.</summary>
    /// <exception cref="GauFormatException">One is malformed.</exception>
    public TokenizerFiles(string folder)
    {
        config = Open(folder, ConfigName);
        map = Open(folder, MapName);
        model = Open(folder, "config.json");
        Added = Open(folder, AddedName);
        Fast = Open(folder, FastName) is { } fast ? new TokenizerJson(fast) : null;
    }

    /// <summary>Refuses what cannot be honoured.</summary>
    /// <exception cref="GauFormatException">A file asks for another tokenizer.</exception>
    public void Require()
    {
        Fast?.Require();
        if (config is not null)
            UnsupportedSettings.Refuse(config);
        if (Fast?.LowerCase is { } before && config?.Flag("do_lower_case") == false)
            throw before.Fault(
                "type", $"'{before.Text("type")}', but {config.Path} has do_lower_case false; make them agree");
    }

    /// <summary>Whether <c>tokenizer.json</c> decides, as for a tokenizer of no class in particular.</summary>
    public bool IsGeneric => Class is "PreTrainedTokenizerFast" or "TokenizersBackend";

    /// <summary>Settings of <c>tokenizer.json</c> that <c>tokenizer_config.json</c> changed.</summary>
    public IReadOnlyList<string> Overruled => overruled;

    /// <summary>Names of special tokens in <c>special_tokens_map.json</c> that another file changed.</summary>
    public IReadOnlyList<string> Renamed => renamed;

    /// <summary>Every token that is written with flags.</summary>
    public IEnumerable<ConfigFile> Settings() =>
    [
        .. Decoder?.MemberObjects().Select(member => member.Value) ?? [],
        .. Fast?.Added ?? [],
        .. from file in (ConfigFile?[])[config, map]
           where file is not null
           from key in Further.Concat(SpecialNames.Keys.Select(special => special.Key))
           from token in file.TokenObjects(key)
           select token,
    ];

    /// <summary>Every name that may be read.</summary>
    public static IReadOnlyList<string> Names { get; } = [ConfigName, MapName, AddedName, FastName];

    /// <summary>Tokens and their ids, <c>added_tokens.json</c>.</summary>
    public ConfigFile? Added { get; }

    /// <summary><c>tokenizer.json</c>, the whole tokenizer as Hugging Face's fast classes keep it.</summary>
    public TokenizerJson? Fast { get; }

    /// <summary>
    /// The class that the tokenizer was made for, or null: where <c>tokenizer_config.json</c> has none, that of
    /// <c>config.json</c>.
    /// </summary>
    public string? Class => config?.Text(ClassKey) ?? model?.Text(ClassKey);

    /// <summary>The error of <see cref="Class"/>.</summary>
    public GauFormatException ClassFault(string reason) =>
        (config?.Has(ClassKey) == true ? config : model!).Fault(ClassKey, reason);

    /// <summary>Tokens by id, <c>added_tokens_decoder</c> of <c>tokenizer_config.json</c>.</summary>
    public ConfigFile? Decoder => config?.Object("added_tokens_decoder");

    /// <summary>Keys that nothing here knows.</summary>
    public IReadOnlyList<string> Unknown => config is null ? [] : UnsupportedSettings.UnknownKeys(config);

    /// <summary>A flag, or null where no file has it.</summary>
    /// <param name="key">Its name in <c>tokenizer_config.json</c>.</param>
    /// <param name="fastKey">Its name in the normalizer of <c>tokenizer.json</c>.</param>
    public bool? Flag(string key, string fastKey)
    {
        bool? said = config?.Flag(key), fast = Fast?.Normalizer.Flag(fastKey);
        if (said is null || fast is null || said == fast)
            return said ?? fast;
        if (IsGeneric)
            throw Fast!.Normalizer.Fault(
                fastKey, $"{Json(fast.Value)}, but {config!.Path} has {key} {Json(said.Value)}; make them agree");
        overruled.Add($"{fastKey} {Json(fast.Value)}");
        return said;
    }

    /// <summary>What a special token is called, and the file that says so; null where none does.</summary>
    /// <param name="key">Such as <c>mask_token</c>.</param>
    public (string Name, ConfigFile File)? Special(string key)
    {
        string? mapped = map?.Token(key);
        (string Name, ConfigFile File)? said = config?.Token(key) is { } name ? (name, config)
            : Fast?.Special(key) is { } fast ? (fast, Fast.Model)
            : mapped is not null ? (mapped, map!) : null;
        if (mapped is not null && said?.Name != mapped)
            renamed.Add($"{key} {mapped}");
        return said;
    }

    /// <summary>Special tokens beside BERT's five, with the file and the key that name them.</summary>
    public IEnumerable<(string Name, ConfigFile File, string Key)> FurtherSpecials() =>
        from file in (ConfigFile?[])[config, map]
        where file is not null
        from key in Further
        from name in file.Tokens(key)
        select (name, file, key);

    /// <summary>A flag as the files write it.</summary>
    public static string Json(bool value) => value ? "true" : "false";

    private static ConfigFile? Open(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? ConfigFile.Read(path) : null;
    }
}
