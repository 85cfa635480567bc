using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>A <c>tokenizer.json</c> of a BERT tokenizer; every part that would do something else is refused.</summary>
internal sealed class TokenizerJson(ConfigFile file)
{
    private const string Bert = "BertNormalizer", Lower = "Lowercase", Words = "BertPreTokenizer",
        Pieces = "WordPiece";

    /// <summary>Flags of a token that change what is found of it in a text, or what is left around it.</summary>
    private static readonly string[] TokenFlags = ["lstrip", "rstrip", "single_word", "normalized"];

    /// <summary>Checks the parts.</summary>
    /// <exception cref="GauFormatException">One is not that of a BERT tokenizer.</exception>
    public void Require()
    {
        if (file.Has("model"))   // what another tokenizer is known by
            RequirePieces(Model);
        if (Normalizer.Flag("clean_text") == false)
            throw Normalizer.Fault("clean_text", "false is not supported");
        Require(Part("pre_tokenizer", Words), Words);
        RequirePieces(Model);
        PostProcessor.RequireKind();
        foreach (ConfigFile token in Added)
            RequireSpecial(token);
    }

    /// <summary>Lower case, accents and ideographs.</summary>
    public ConfigFile Normalizer => Normalizers()[^1];

    /// <summary>What lower-cases texts before <see cref="Normalizer"/>, whatever that says; null: nothing.</summary>
    public ConfigFile? LowerCase => Normalizers() is [var first, _] ? first : null;

    /// <summary>Tokens that are matched whole.</summary>
    public IReadOnlyList<ConfigFile> Added => file.Objects("added_tokens") ?? [];

    /// <summary>What a special token is called, where that stands here; null where it does not.</summary>
    /// <param name="key">Its key in <c>tokenizer_config.json</c>.</param>
    public string? Special(string key) => key == "unk_token" ? Model.Text(key) : null;

    /// <summary>The part with the vocabulary.</summary>
    public ConfigFile Model => Part("model", Pieces);

    /// <summary>What is put around texts.</summary>
    public PostProcessor PostProcessor => new(file.Object("post_processor") ?? throw file.Fault(
        "post_processor", "missing, but texts are always put between [CLS] and [SEP]"));

    /// <summary>Refuses another vocabulary, and limits other than those of the rules.</summary>
    /// <param name="vocabulary">The tokens of <paramref name="path"/>, by id.</param>
    /// <param name="path">For messages.</param>
    /// <param name="specials">What the special tokens are called.</param>
    /// <param name="rules">Whose longest word is kept.</param>
    public void RequireSame(
        IReadOnlyList<string> vocabulary, string path, SpecialTokenNames specials, Dialect rules)
    {
        if (Special("unk_token") is { } unknown && unknown != specials.Unknown)
            throw Model.Fault("unk_token", $"'{unknown}', but the tokenizer's other files say '{specials.Unknown}'");
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

    /// <summary>BERT's normalizer, alone or behind one that lower-cases.</summary>
    private IReadOnlyList<ConfigFile> Normalizers()
    {
        ConfigFile part = Part("normalizer", Bert);
        if (part.Text("type") != "Sequence" || part.Objects("normalizers") is not { Count: > 0 } steps)
            return [Require(part, Bert)];
        if (steps.SkipLast(1).Where((step, i) => i > 0 || step.Text("type") != Lower).FirstOrDefault() is { } other)
            throw other.Fault("type", $"'{other.Text("type")}' is not supported, only {Lower} and then {Bert}");
        return [.. steps.SkipLast(1), Require(steps[^1], Bert)];
    }

    private static void RequirePieces(ConfigFile model)
    {
        // Files written before the type was: a vocabulary with ids, and no merges of pairs.
        if (model.Has("type") || model.Object("vocab") is null)
            Require(model, Pieces);
        else if (model.Has("merges"))
            throw model.Fault("merges", $"byte-pair encoding (BPE) is not supported, only {Pieces}");
        if (model.Text("continuing_subword_prefix") is { } prefix && prefix != "##")
            throw model.Fault("continuing_subword_prefix", $"'{prefix}' is not supported, only ##");
    }

    /// <summary>Refuses a token that would be cut out of texts in another way than the special ones are.</summary>
    private static void RequireSpecial(ConfigFile token)
    {
        string name = token.Text("content") ?? throw token.Fault("content", "missing");
        if (token.Flag("special") != true)
            throw token.Fault("special", $"not true, for the token '{name}', is not supported: "
                + "it would be cut out of texts before they are normalized");
        if (TokenFlags.FirstOrDefault(flag => token.Flag(flag) == true) is { } set)
            throw token.Fault(set, $"true, for the token '{name}', is not supported");
    }

    private ConfigFile Part(string key, string type) =>
        file.Object(key) ?? throw file.Fault(key, $"missing, {type} is the only one supported");

    private static ConfigFile Require(ConfigFile part, string type) => part.Text("type") is var found && found == type
        ? part
        : throw part.Fault("type", $"'{found}' is not supported, only {type}");
}
