using System.Text;
using System.Text.Json;
using GauRuntime.Convert.Configuration;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Output;

/// <summary>The files of a tokenizer: <c>vocab.txt</c>, and others only where it is not the usual one.</summary>
internal static class CheckpointTokenizer
{
    public const string Vocabulary = "vocab.txt", Settings = TokenizerFiles.ConfigName, Added = "added_tokens.json";

    private const int LongestToken = 1000;   // bytes of a line that gau-convert reads

    /// <summary>Why a vocabulary cannot be lines of a file, or null.</summary>
    public static string? Fault(IReadOnlyList<string> vocabulary)
    {
        int bad = vocabulary.ToList().FindIndex(
            token => token.Length == 0 || token.AsSpan().ContainsAny('\r', '\n', '\0')
                || Encoding.UTF8.GetByteCount(token) > LongestToken);
        return bad < 0 ? null
            : $"the token of id {bad}, '{Printable.OneLine(vocabulary[bad])}', cannot be a line of {Vocabulary}";
    }

    /// <summary>All files, by name.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Files(ModelDescription model)
    {
        string lines = string.Concat(model.Vocabulary.Select(token => token + "\n"));
        yield return (Vocabulary, Encoding.UTF8.GetBytes(lines));
        TokenizerConfig tokenizer = model.Tokenizer;
        // gau_head says itself where texts are cut.
        int? limit = PortHead.Says(model) ? model.Head.MaxTokens : null;
        if (tokenizer is not { LowerCase: true, NeedsVersion3: false } || limit is not null)
            yield return (Settings, Json(json => WriteSettings(json, tokenizer, limit)));
        if (tokenizer.AddedTokens is { } added)
            yield return (Added, Json(json =>
            {
                for (int id = 0; id < model.Vocabulary.Count; id++)
                    if (added.Contains(model.Vocabulary[id]))
                        json.WriteNumber(model.Vocabulary[id], id);
            }));
    }

    private static void WriteSettings(Utf8JsonWriter json, TokenizerConfig tokenizer, int? limit)
    {
        json.WriteString("tokenizer_class", "BertTokenizer");
        json.WriteBoolean("do_lower_case", tokenizer.LowerCase);
        if (tokenizer.StripAccents is { } strip)
            json.WriteBoolean("strip_accents", strip);
        json.WriteBoolean("tokenize_chinese_chars", !tokenizer.JoinIdeographs);
        foreach (((string key, _), string name) in SpecialNames.Keys.Zip(tokenizer.Names.All))
            json.WriteString(key, name);
        if (limit is { } most)
            json.WriteNumber("model_max_length", most);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetBytes(JsonText.Of(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }) + "\n");
}
