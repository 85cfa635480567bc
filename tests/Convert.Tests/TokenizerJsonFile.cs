using System.Text.Json.Nodes;

namespace GauRuntime.Convert.Tests;

/// <summary>A <c>tokenizer.json</c> as Hugging Face's fast BERT classes write it, for the vocabulary of <see cref="Safetensors"/>.</summary>
internal static class TokenizerJsonFile
{
    private const string Cls = """{"SpecialToken":{"id":"[CLS]","type_id":0}}""", Sep = """{"SpecialToken":{"id":"[SEP]","type_id":0}}""",
        LastSep = """{"SpecialToken":{"id":"[SEP]","type_id":1}}""";

    /// <summary>The file.</summary>
    /// <param name="lowerCase">Its <c>lowercase</c>.</param>
    /// <param name="stripAccents">Its <c>strip_accents</c>.</param>
    /// <param name="last">The last member of its vocabulary.</param>
    public static string Text(string lowerCase = "true", string stripAccents = "null", string last = "\"c\":7") =>
        $$$"""
        {"added_tokens":[{"id":4,"content":"[MASK]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
         "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,
          "strip_accents":{{{stripAccents}}},"lowercase":{{{lowerCase}}}},
         "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"TemplateProcessing",
          "single":[{{{Cls}}},{"Sequence":{"id":"A","type_id":0}},{{{Sep}}}],
          "pair":[{{{Cls}}},{"Sequence":{"id":"A","type_id":0}},{{{Sep}}},{"Sequence":{"id":"B","type_id":1}},{{{LastSep}}}]},
         "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
          "vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"a":5,"b":6,{{{last}}} } } }
        """;

    /// <summary>The file with another value at a place.</summary>
    /// <param name="path">Keys and indices that lead to it, parted by dots.</param>
    /// <param name="json">The value; null: the member goes.</param>
    public static string With(string path, string? json) => With(Text(), path, json);

    /// <summary>Another file with another value at a place.</summary>
    public static string With(string text, string path, string? json)
    {
        JsonNode root = JsonNode.Parse(text)!;
        string[] keys = path.Split('.');
        JsonNode parent = keys[..^1].Aggregate(root, (node, key) => int.TryParse(key, out int i) ? node[i]! : node[key]!);
        JsonNode? value = json is null ? null : JsonNode.Parse(json);
        if (parent is JsonArray list)
            list[int.Parse(keys[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        else if (json is null)
            parent.AsObject().Remove(keys[^1]);
        else
            parent[keys[^1]] = value;
        return root.ToJsonString();
    }
}
