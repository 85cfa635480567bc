using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>
/// What a <c>tokenizer.json</c> puts around texts: [CLS] A [SEP], and [CLS] A [SEP] B [SEP] around pairs, or it is
/// refused.
/// </summary>
/// <param name="part">Its <c>post_processor</c>.</param>
internal sealed class PostProcessor(ConfigFile part)
{
    private const string Template = "TemplateProcessing", Plain = "BertProcessing";

    private bool IsTemplate => part.Text("type") == Template;

    /// <summary>Refuses other kinds.</summary>
    /// <exception cref="Weights.GauFormatException">It is one.</exception>
    public void RequireKind()
    {
        if (part.Text("type") is not (Template or Plain))
            throw part.Fault("type", $"'{part.Text("type")}' is not supported, only {Template} and {Plain}");
    }

    /// <summary>Refuses other tokens, other ids of them, and other segment ids.</summary>
    /// <param name="specials">What the special tokens are called.</param>
    /// <param name="vocabulary">The tokens by id.</param>
    /// <param name="segments">Segment ids of the model's pairs: only where they are zeros may zeros stand here.</param>
    /// <exception cref="Weights.GauFormatException">There is one.</exception>
    public void Require(SpecialTokenNames specials, IReadOnlyList<string> vocabulary, SegmentPolicy segments)
    {
        if (!IsTemplate)
        {
            RequireToken("cls", specials.Cls, vocabulary);
            RequireToken("sep", specials.Sep, vocabulary);
            return;
        }
        string single = $"{specials.Cls} A {specials.Sep}";
        RequireTemplate("single", single, "0 0 0");
        RequireTemplate(
            "pair", $"{single} B {specials.Sep}",
            segments == SegmentPolicy.Zeros ? ["0 0 0 1 1", "0 0 0 0 0"] : ["0 0 0 1 1"]);
        foreach (string name in (string[])[specials.Cls, specials.Sep])
            if (part.Object("special_tokens")?.Object(name) is { } token && token.Integers("ids") is { } ids
                && (ids is not [var id] || !Has(vocabulary, id, name)))
                throw token.Fault("ids", $"[{string.Join(", ", ids)}], but {name} has another id in the vocabulary");
    }

    private void RequireTemplate(string key, string tokens, params string[] types)
    {
        ConfigFile?[] pieces =
        [
            .. (part.Objects(key) ?? []).Select(piece => piece.Object("SpecialToken") ?? piece.Object("Sequence")),
        ];
        string found = string.Join(' ', pieces.Select(piece => piece?.Text("id")));
        if (found != tokens)
            throw part.Fault(key, $"'{found}' is not supported, only {tokens}");
        string ofType = string.Join(' ', pieces.Select(piece => piece!.Integer("type_id", 0, int.MaxValue) ?? 0));
        if (!types.Contains(ofType))
            throw part.Fault(key, $"the type ids {ofType} are not supported, only {string.Join(" or ", types)}");
    }

    private void RequireToken(string key, string name, IReadOnlyList<string> vocabulary)
    {
        (string token, int id) = part.TokenAndId(key) ?? throw part.Fault(key, "missing");
        if (token != name)
            throw part.Fault(key, $"'{token}', but the tokenizer's other files say '{name}'");
        if (!Has(vocabulary, id, name))
            throw part.Fault(key, $"the id {id}, but {name} has another in the vocabulary");
    }

    private static bool Has(IReadOnlyList<string> vocabulary, int id, string name) =>
        id < vocabulary.Count && vocabulary[id] == name;
}
