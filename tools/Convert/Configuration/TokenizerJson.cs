using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>A <c>tokenizer.json</c> of a BERT tokenizer; every part that would do something else is refused.</summary>
internal sealed class TokenizerJson(ConfigFile file)
{
    /// <summary>Checks the parts.</summary>
    /// <exception cref="Weights.GauFormatException">One is not that of a BERT tokenizer.</exception>
    public void Require()
    {
        Part("normalizer", "BertNormalizer");
        Part("pre_tokenizer", "BertPreTokenizer");
        if (Normalizer.Flag("clean_text") == false)
            throw Normalizer.Fault("clean_text", "false is not supported");
        if (Model.Text("continuing_subword_prefix") is { } prefix && prefix != "##")
            throw Model.Fault("continuing_subword_prefix", $"'{prefix}' is not supported, only ##");
        if (file.Object("post_processor") is not { } post)
            throw file.Fault("post_processor", "missing, but texts are always put between [CLS] and [SEP]");
        if (post.Text("type") is not ("TemplateProcessing" or "BertProcessing"))
            throw post.Fault(
                "type", $"'{post.Text("type")}' is not supported, only TemplateProcessing and BertProcessing");
    }

    /// <summary>Lower case, accents and ideographs.</summary>
    public ConfigFile Normalizer => Part("normalizer", "BertNormalizer");

    /// <summary>Tokens that are matched whole.</summary>
    public IReadOnlyList<ConfigFile> Added => file.Objects("added_tokens") ?? [];

    private ConfigFile Model => Part("model", "WordPiece");

    /// <summary>Refuses another vocabulary, and limits other than those of the rules.</summary>
    /// <param name="vocabulary">The tokens of <paramref name="path"/>, by id.</param>
    /// <param name="path">For messages.</param>
    /// <param name="specials">What the special tokens are called.</param>
    /// <param name="rules">Whose longest word is kept.</param>
    public void RequireSame(
        IReadOnlyList<string> vocabulary, string path, SpecialTokenNames specials, Dialect rules)
    {
        if (Model.Text("unk_token") is { } unknown && unknown != specials.Unknown)
            throw Model.Fault("unk_token", $"'{unknown}', but the tokenizer's other files say '{specials.Unknown}'");
        RequireTemplate(specials);
        int longest = rules == Dialect.Port ? 100 : 200;
        if (Model.Integer("max_input_chars_per_word", 0, int.MaxValue) is { } most && most != longest && most != 100)
            throw Model.Fault("max_input_chars_per_word", $"{most} is not supported, only {longest}");
        if (Model.Object("vocab") is not { } vocab)
            return;
        int count = 0;
        foreach ((string token, int id) in vocab.Integers(0, int.MaxValue))
        {
            if (id >= vocabulary.Count || vocabulary[id] != token)
                throw vocab.Fault(token, $"the id {id}, but in {path} that is "
                    + (id < vocabulary.Count ? $"'{vocabulary[id]}'" : "behind the last"));
            count++;
        }
        if (count != vocabulary.Count)
            throw Model.Fault("vocab", $"{count} tokens, but {path} has {vocabulary.Count}");
    }

    /// <summary>Refuses anything but [CLS] A [SEP], and [CLS] A [SEP] B [SEP] of pairs.</summary>
    private void RequireTemplate(SpecialTokenNames specials)
    {
        ConfigFile post = file.Object("post_processor")!;
        if (post.Text("type") != "TemplateProcessing")
            return;
        string single = $"{specials.Cls} A {specials.Sep}";
        (string Key, string Expected)[] templates = [("single", single), ("pair", $"{single} B {specials.Sep}")];
        foreach ((string key, string expected) in templates)
        {
            string found = string.Join(' ', (post.Objects(key) ?? []).Select(piece =>
                (piece.Object("SpecialToken") ?? piece.Object("Sequence"))?.Text("id")));
            if (found != expected)
                throw post.Fault(key, $"'{found}' is not supported, only {expected}");
        }
    }

    private ConfigFile Part(string key, string type)
    {
        ConfigFile part = file.Object(key) ?? throw file.Fault(key, $"missing, {type} is the only one supported");
        string? found = part.Text("type");
        // Files written before the type was.
        if (found is null && key == "model" && part.Has("vocab"))
            return part;
        return found == type ? part : throw part.Fault("type", $"'{found}' is not supported, only {type}");
    }
}
