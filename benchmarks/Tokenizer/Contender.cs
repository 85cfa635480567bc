using System.Text;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Microsoft.ML.Tokenizers;

namespace GauRuntime.Benchmarks.Tokenizers;

/// <summary>A tokenizer in one of its ways to be called.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Encode">Tokenizes a text as BERT does, [CLS] and [SEP] included or not.</param>
/// <param name="Ids">As <paramref name="Encode"/>; the ids of the text's own tokens.</param>
internal sealed record Contender(string Name, Action<string> Encode, Func<string, int[]> Ids)
{
    private const int MaxTokens = 512;

    /// <summary>All of them, over one vocabulary, lower-casing; ours is the first.</summary>
    public static Contender[] All(string[] vocabulary)
    {
        GauTokenizer ours = new(vocabulary, new TokenizerConfig { LowerCase = true, Rules = Dialect.Port });
        EncodedText bare = new(keepsSpans: false), full = new();
        FastBertTokenizer.BertTokenizer fast = new();
        string lines = string.Join('\n', vocabulary) + "\n";
        fast.LoadVocabulary(new StringReader(lines), convertInputToLowercase: true);
        long[] ids = new long[MaxTokens], mask = new long[MaxTokens];
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(lines));
        BertTokenizer microsoft = BertTokenizer.Create(
            stream, new BertOptions { LowerCaseBeforeTokenization = true, IndividuallyTokenizeCjk = true });
        int[] OfFast(string text) =>
            [.. ids.AsSpan(0, fast.Encode(text, ids.AsSpan(), mask.AsSpan()))[1..^1].ToArray().Select(id => (int)id)];
        int[] OfOurs(string text, EncodedText into)
        {
            ours.Encode(text, into, MaxTokens);
            return into.Ids[1..^1].ToArray();
        }

        return
        [
            new("GauRuntime", text => ours.Encode(text, bare, MaxTokens), text => OfOurs(text, bare)),
            new("GauRuntime, offsets", text => ours.Encode(text, full, MaxTokens), text => OfOurs(text, full)),
            new("FastBertTokenizer", text => fast.Encode(text, ids.AsSpan(), mask.AsSpan()), OfFast),
            new(
                "Microsoft.ML.Tokenizers", text => microsoft.EncodeToIds(text, addSpecialTokens: true),
                text => [.. microsoft.EncodeToIds(text, addSpecialTokens: false)]),
            new(
                "Microsoft.ML.Tokenizers, offsets", text => microsoft.EncodeToTokens(text, out _),
                text => [.. microsoft.EncodeToTokens(text, out _).Select(token => token.Id)]),
        ];
    }
}
