namespace GauRuntime.Convert.Configuration;

/// <summary>Keys of <c>tokenizer_config.json</c> that the tokenizer here has no counterpart for.</summary>
internal static class UnsupportedSettings
{
    /// <summary>Those that change tokens, with the only value that is done here.</summary>
    private static readonly (string Key, bool Value)[] Flags =
    [
        ("do_basic_tokenize", true), ("clean_text", true), ("split_special_tokens", false),
    ];

    /// <summary>Those that are read elsewhere, or change no token of a text.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "do_lower_case", "strip_accents", "tokenize_chinese_chars", "never_split", "wordpieces_prefix",
        "pad_token", "unk_token", "cls_token", "sep_token", "mask_token", "bos_token", "eos_token",
        "additional_special_tokens", "extra_special_tokens", "added_tokens_decoder", "tokenizer_class",
        "truncation_side", "padding_side", "model_max_length", "max_len", "max_length", "name_or_path",
        "tokenizer_file", "special_tokens_map_file", "model_input_names", "use_fast", "init_inputs",
        "clean_up_tokenization_spaces", "processor_class", "stride", "truncation_strategy", "pad_to_multiple_of",
        "pad_token_type_id", "return_token_type_ids", "backend", "is_local", "do_basic_tokenize", "clean_text",
        "add_prefix_space", "split_special_tokens", "_commit_hash",
    };

    /// <summary>Refuses a value that would have to change something.</summary>
    /// <exception cref="Weights.GauFormatException">There is one.</exception>
    public static void Refuse(ConfigFile config)
    {
        foreach ((string key, bool value) in Flags)
            if (config.Flag(key) is { } said && said != value)
                throw config.Fault(key, $"{TokenizerFiles.Json(said)} is not supported");
        if (config.Has("auto_map"))
            throw config.Fault("auto_map", "a tokenizer with code of its own, which is never run");
        if (config.Text("wordpieces_prefix") is { } prefix && prefix != "##")
            throw config.Fault("wordpieces_prefix", $"'{prefix}' is not supported, only ##");
        if (config.Text("truncation_side") is { } side && side != "right")
            throw config.Fault("truncation_side", $"'{side}' is not supported: long texts lose their tail");
        HashSet<string> special = new(config.Tokens("additional_special_tokens"), StringComparer.Ordinal);
        foreach ((string key, string usual) in SpecialNames.Keys)
            special.Add(config.Token(key) ?? usual);
        if (config.Tokens("never_split").FirstOrDefault(token => !special.Contains(token)) is { } whole)
            throw config.Fault("never_split", $"'{whole}' is not supported; added_tokens.json keeps a token whole");
    }

    /// <summary>The keys that are neither read nor known to be without effect.</summary>
    public static IReadOnlyList<string> UnknownKeys(ConfigFile config) =>
        [.. config.Keys.Where(key => !Known.Contains(key))];
}
