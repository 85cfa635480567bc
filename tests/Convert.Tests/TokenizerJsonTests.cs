using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>What a <c>tokenizer.json</c> may be, part by part, and which other parts are named and refused.</summary>
public sealed class TokenizerJsonTests : IDisposable
{
    private const string Bert = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":false}""";

    private readonly TemporaryFolder folder = Safetensors.Gau().Folder();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("model.type", null)]   // as files were written before the type was
    [InlineData("model.continuing_subword_prefix", null)]
    [InlineData("truncation", """{"direction":"Left","max_length":7,"strategy":"OnlyFirst","stride":0}""")]
    [InlineData("padding", """{"strategy":"BatchLongest"}""")]
    [InlineData("decoder", """{"type":"WordPiece","prefix":"##","cleanup":true}""")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"BertNormalizer","lowercase":true,"handle_chinese_chars":false}]}""")]
    [InlineData("post_processor", """{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}""")]
    [InlineData("post_processor.special_tokens", """{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}""")]
    [InlineData("added_tokens.0", """{"id":7,"content":"c","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}""")]
    public void Part_OfABertTokenizer_IsAccepted(string path, string? json)
    {
        folder.Write("tokenizer.json", TokenizerJsonFile.With(path, json));
        using ModelFileReader model = Convert();
        TokenizerConfig config = model.Description.Tokenizer;
        (config.LowerCase, config.StripAccents, config.JoinIdeographs).Should().Be((true, null, true));
    }

    [Fact]
    public void AddedToken_SpecialBeyondTheFive_IsReadWhole()
    {
        folder.Write("tokenizer.json", TokenizerJsonFile.With(
            "added_tokens.0", """{"id":7,"content":"c","special":true,"normalized":false}"""));
        using ModelFileReader model = Convert();
        model.Description.Tokenizer.AddedTokens.Should().Equal("c");
    }

    /// <summary>
    /// BertNormalizer strips accents by its own switches, so that a text that something else has lower-cased keeps them.
    /// </summary>
    [Theory]
    [InlineData("false", "null", true, false)]
    [InlineData("false", "true", true, null)]
    [InlineData("true", "null", true, null)]
    [InlineData("true", "false", true, false)]
    public void Normalizer_BehindLowercase_KeepsItsOwnRuleForAccents(string lower, string strip, bool lowerCase, bool? accents)
    {
        folder.Write("tokenizer.json", TokenizerJsonFile.With("normalizer", $$"""
            {"type":"Sequence","normalizers":[{"type":"Lowercase"},
             {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":{{strip}},"lowercase":{{lower}}}]}
            """));
        using (ModelFileReader model = Convert())
            (model.Description.Tokenizer.LowerCase, model.Description.Tokenizer.StripAccents).Should().Be((lowerCase, accents));
        folder.Write("tokenizer_config.json", "{\"do_lower_case\":false}");
        Refused("normalizer.normalizers[0].type: 'Lowercase', but").And.Contain("has do_lower_case false; make them agree");
    }

    [Theory]
    [InlineData("model", """{"type":"BPE","vocab":{},"merges":[]}""", "model.type: 'BPE' is not supported, only WordPiece")]
    [InlineData("model", """{"type":"Unigram","vocab":[["<s>",0]]}""", "model.type: 'Unigram' is not supported, only WordPiece")]
    [InlineData("model", """{"type":"WordLevel","vocab":{"a":0}}""", "model.type: 'WordLevel' is not supported, only WordPiece")]
    [InlineData("model", """{"vocab":{"a":0},"merges":[]}""", "model.merges: byte-pair encoding (BPE) is not supported, only WordPiece")]
    [InlineData("model", """{"vocab":[["<s>",0]]}""", "model.vocab: an object was expected")]
    [InlineData("model", """{"unk_token":"[UNK]"}""", "model.type: '' is not supported, only WordPiece")]
    [InlineData("model", null, "model: missing, WordPiece is the only one supported")]
    [InlineData("model.continuing_subword_prefix", "\"@@\"", "model.continuing_subword_prefix: '@@' is not supported, only ##")]
    [InlineData("model.max_input_chars_per_word", "50", "model.max_input_chars_per_word: 50 is not supported, only 100")]
    [InlineData("normalizer", null, "normalizer: missing, BertNormalizer is the only one supported")]
    [InlineData("normalizer", "null", "normalizer: missing, BertNormalizer is the only one supported")]
    [InlineData("normalizer", """{"type":"NFKC"}""", "normalizer.type: 'NFKC' is not supported, only BertNormalizer")]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":""}""", "normalizer.type: 'Precompiled' is not supported")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"String":"a"},"content":"b"}""", "normalizer.type: 'Replace' is not supported")]
    [InlineData("normalizer", """{"type":"Lowercase"}""", "normalizer.type: 'Lowercase' is not supported, only BertNormalizer")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[]}""", "normalizer.type: 'Sequence' is not supported, only BertNormalizer")]
    [InlineData("normalizer", $$"""{"type":"Sequence","normalizers":[{"type":"NFKC"},{{Bert}}]}""", "normalizer.normalizers[0].type: 'NFKC' is not supported, only Lowercase and then BertNormalizer")]
    [InlineData("normalizer", $$"""{"type":"Sequence","normalizers":[{"type":"Lowercase"},{"type":"Replace"},{{Bert}}]}""", "normalizer.normalizers[1].type: 'Replace' is not supported")]
    [InlineData("normalizer", $$"""{"type":"Sequence","normalizers":[{{Bert}},{"type":"Lowercase"}]}""", "normalizer.normalizers[0].type: 'BertNormalizer' is not supported, only Lowercase and then")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"Lowercase"},{"type":"StripAccents"}]}""", "normalizer.normalizers[1].type: 'StripAccents' is not supported, only BertNormalizer")]
    [InlineData("normalizer.clean_text", "false", "normalizer.clean_text: false is not supported")]
    [InlineData("pre_tokenizer", null, "pre_tokenizer: missing, BertPreTokenizer is the only one supported")]
    [InlineData("pre_tokenizer.type", "\"ByteLevel\"", "pre_tokenizer.type: 'ByteLevel' is not supported, only BertPreTokenizer")]
    [InlineData("pre_tokenizer.type", "\"Metaspace\"", "pre_tokenizer.type: 'Metaspace' is not supported, only BertPreTokenizer")]
    [InlineData("post_processor", null, "post_processor: missing, but texts are always put between [CLS] and [SEP]")]
    [InlineData("post_processor.type", "\"RobertaProcessing\"", "post_processor.type: 'RobertaProcessing' is not supported, only TemplateProcessing and BertProcessing")]
    [InlineData("post_processor.type", "\"ByteLevel\"", "post_processor.type: 'ByteLevel' is not supported")]
    [InlineData("post_processor.pair.2.SpecialToken.id", "\"[PAD]\"", "post_processor.pair: '[CLS] A [PAD] B [SEP]' is not supported, only [CLS] A [SEP] B [SEP]")]
    [InlineData("post_processor.single.1.Sequence.type_id", "1", "post_processor.single: the type ids 0 1 0 are not supported, only 0 0 0")]
    [InlineData("post_processor.pair.4.SpecialToken.type_id", "0", "post_processor.pair: the type ids 0 0 0 1 0 are not supported, only 0 0 0 1 1")]
    [InlineData("post_processor.pair.3.Sequence.type_id", "2", "post_processor.pair: the type ids 0 0 0 2 1 are not supported, only 0 0 0 1 1")]
    [InlineData("post_processor.special_tokens", """{"[CLS]":{"id":"[CLS]","ids":[3],"tokens":["[CLS]"]}}""", "post_processor.special_tokens.[CLS].ids: [3], but [CLS] has another id in the vocabulary")]
    [InlineData("post_processor.special_tokens", """{"[SEP]":{"id":"[SEP]","ids":[3,3],"tokens":["[SEP]","[SEP]"]}}""", "post_processor.special_tokens.[SEP].ids: [3, 3], but")]
    [InlineData("post_processor", """{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[PAD]",0]}""", "post_processor.cls: '[PAD]', but the tokenizer's other files say '[CLS]'")]
    [InlineData("post_processor", """{"type":"BertProcessing","sep":["[SEP]",4],"cls":["[CLS]",2]}""", "post_processor.sep: the id 4, but [SEP] has another in the vocabulary")]
    [InlineData("post_processor", """{"type":"BertProcessing","cls":["[CLS]",2]}""", "post_processor.sep: missing")]
    [InlineData("post_processor", """{"type":"BertProcessing","sep":"[SEP]","cls":["[CLS]",2]}""", "post_processor.sep: a token and its id were expected, not \"[SEP]\"")]
    [InlineData("added_tokens.0.special", "false", "added_tokens[0].special: not true, for the token '[MASK]', is not supported")]
    [InlineData("added_tokens.0.lstrip", "true", "added_tokens[0].lstrip: true, for the token '[MASK]', is not supported")]
    [InlineData("added_tokens.0.rstrip", "true", "added_tokens[0].rstrip: true, for the token '[MASK]', is not supported")]
    [InlineData("added_tokens.0.single_word", "true", "added_tokens[0].single_word: true, for the token '[MASK]', is not supported")]
    [InlineData("added_tokens.0.normalized", "true", "added_tokens[0].normalized: true, for the token '[MASK]', is not supported")]
    public void Part_OfAnotherTokenizer_IsRefusedByName(string path, string? json, string reason)
    {
        folder.Write("tokenizer.json", TokenizerJsonFile.With(path, json));
        Refused("tokenizer.json: " + reason, "--segments", "pairs");
    }

    [Fact]
    public void Template_WithoutSegmentsOfPairs_IsAcceptedWhereTheModelHasNone()
    {
        string text = TokenizerJsonFile.With("post_processor.pair.3.Sequence.type_id", "0");
        folder.Write("tokenizer.json", TokenizerJsonFile.With(text, "post_processor.pair.4.SpecialToken.type_id", "0"));
        Convert("--segments", "zeros").Dispose();
        Refused("post_processor.pair: the type ids 0 0 0 0 0 are not supported, only 0 0 0 1 1", "--segments", "pairs");
    }

    /// <summary>What stands first counts: tokenizer_config.json, tokenizer.json, special_tokens_map.json, the default.</summary>
    [Theory]
    [InlineData("{\"unk_token\":\"a\"}", "\"a\"", "{\"unk_token\":\"b\"}", "a", true)]
    [InlineData("{}", "\"a\"", "{\"unk_token\":\"b\"}", "a", true)]
    [InlineData("{}", "\"a\"", "{\"unk_token\":\"a\"}", "a", false)]
    [InlineData("{}", "null", "{\"unk_token\":{\"content\":\"b\"}}", "b", false)]
    [InlineData("{}", "null", "{}", "[UNK]", false)]
    public void UnknownToken_InSeveralFiles_IsTheFirstOnes(string config, string fast, string map, string name, bool told)
    {
        folder.Write("tokenizer_config.json", config);
        folder.Write("tokenizer.json", TokenizerJsonFile.With("model.unk_token", fast));
        folder.Write("special_tokens_map.json", map);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Contains(
            "special_tokens_map.json says otherwise than the other files, and is not followed: unk_token b", StringComparison.Ordinal)
            .Should().Be(told);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        model.Description.Tokenizer.Names.Unknown.Should().Be(name);
    }

    private ModelFileReader Convert(params string[] options) => Tool.Convert(folder, folder.Root, options);

    private AndConstraint<FluentAssertions.Primitives.StringAssertions> Refused(string reason, params string[] options)
    {
        ToolResult result = Tool.Run([folder.Root, "-o", folder.Path("m"), .. options]);
        result.Code.Should().Be(65, result.Error);
        result.Error.TrimEnd('\n').Split('\n')[^1].Should().StartWith("error: ");
        return result.Error.Should().Contain(reason);
    }
}
