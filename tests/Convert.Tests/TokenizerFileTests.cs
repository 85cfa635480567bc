using GauRuntime.Convert.Configuration;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>What the files beside a vocabulary say of the tokenizer: honoured, or refused with file and key.</summary>
public sealed class TokenizerFileTests
{
    private const string Named = "<p>\n<u>\n<c>\n<s>\n<m>\na\nb\nc\n";
    private const string Names =
        """{"pad_token":"<p>","unk_token":"<u>","cls_token":"<c>","sep_token":"<s>","mask_token":{"content":"<m>"}}""";

    [Theory]
    [InlineData("{\"strip_accents\":false}", false, false)]
    [InlineData("{\"strip_accents\":true}", null, false)]
    [InlineData("{\"strip_accents\":null}", null, false)]
    [InlineData("{\"do_lower_case\":false,\"strip_accents\":true}", true, false)]
    [InlineData("{\"tokenize_chinese_chars\":false}", null, true)]
    [InlineData("{\"tokenize_chinese_chars\":true}", null, false)]
    public void Config_AccentsAndIdeographs_AreKept(string config, bool? strip, bool join)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer_config.json", config);
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Tokenizer.StripAccents.Should().Be(strip);
        model.Description.Tokenizer.JoinIdeographs.Should().Be(join);
        model.Metadata["gau.format"].Should().Be(strip is null && !join ? "2" : "3");
    }

    [Theory]
    [InlineData("tokenizer_config.json")]
    [InlineData("special_tokens_map.json")]
    public void Names_OfSpecialTokens_AreKept(string file)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(vocabulary: Named);
        folder.Write(file, Names);
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Tokenizer.SpecialTokens.Should().Be(new SpecialTokenNames("<p>", "<u>", "<c>", "<s>", "<m>"));
    }

    [Theory]
    [InlineData("tokenizer_config.json", "{\"mask_token\":\"<mask>\"}", "mask_token: the vocabulary")]
    [InlineData("tokenizer_config.json", "{\"mask_token\":\"[SEP]\"}", "mask_token: '[SEP]' is another special token too")]
    [InlineData("tokenizer_config.json", "{\"mask_token\":7}", "mask_token: a string was expected")]
    [InlineData("tokenizer_config.json", "{\"do_basic_tokenize\":false}", "do_basic_tokenize: false is not supported")]
    [InlineData("tokenizer_config.json", "{\"clean_text\":false}", "clean_text: false is not supported")]
    [InlineData("tokenizer_config.json", "{\"never_split\":[\"[MASK]\",\"a\"]}", "never_split: 'a' is not supported")]
    [InlineData("tokenizer_config.json", "{\"wordpieces_prefix\":\"@@\"}", "wordpieces_prefix: '@@' is not supported")]
    [InlineData("tokenizer_config.json", "{\"truncation_side\":\"left\"}", "truncation_side: 'left' is not supported")]
    [InlineData("tokenizer_config.json", "{\"tokenizer_class\":\"T5Tokenizer\"}", "tokenizer_class: 'T5Tokenizer' is not")]
    [InlineData("tokenizer_config.json", "{\"strip_accents\":1}", "strip_accents: true or false was expected")]
    [InlineData("added_tokens.json", "{\"<e>\":9}", "'<e>' has the id 9, but")]
    [InlineData("added_tokens.json", "{\"<e>\":5}", "'<e>' has the id 5, but that is 'a'")]
    [InlineData("added_tokens.json", "{\"a\":8}", "'a' has the id 8, but also the id 5")]
    [InlineData("added_tokens.json", "{\"<e>\":8}", "9 tokens, but the word embedding has 8 rows")]
    [InlineData("special_tokens_map.json", "{\"additional_special_tokens\":[\"<e>\"]}", "'<e>' is neither in")]
    [InlineData("tokenizer_config.json", "{\"added_tokens_decoder\":{\"x\":{\"content\":\"a\"}}}", "this is no id")]
    [InlineData("tokenizer_config.json", "{\"added_tokens_decoder\":{\"5\":{\"content\":\"a\",\"single_word\":true}}}", "single_word: true, for the token 'a'")]
    [InlineData("tokenizer_config.json", "{\"additional_special_tokens\":[{\"content\":\"a\",\"single_word\":true}]}", "single_word: true, for the token 'a'")]
    [InlineData("special_tokens_map.json", "{\"mask_token\":{\"content\":\"[MASK]\",\"single_word\":true}}", "single_word: true, for the token '[MASK]'")]
    [InlineData("added_tokens.json", "{\"a\\u0000b\":8}", "a line feed or a zero character in a token")]
    [InlineData("added_tokens.json", "{\"<e>\":8}", "added_tokens.json: <e>: the token '<e>' has the id 8")]
    [InlineData("tokenizer.json", "{}", "normalizer: missing")]
    [InlineData("tokenizer.json", "{\"normalizer\":{\"type\":\"Sequence\"}}", "normalizer.type: 'Sequence' is not supported")]
    [InlineData("tokenizer.json", "not json", "no valid JSON")]
    public void File_WhatCannotBeHonoured_IsRefused(string file, string content, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write(file, content);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(reason);
    }

    [Fact]
    public void SpecialTokensMap_OtherThanTheConfig_IsNotFollowedAndThatIsSaid()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(vocabulary: Named);
        folder.Write("tokenizer_config.json", Names);
        folder.Write("special_tokens_map.json", "{\"mask_token\":\"a\"}");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain(
            "special_tokens_map.json says otherwise than the other files, and is not followed: mask_token a");
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        model.Description.Tokenizer.SpecialTokens!.Mask.Should().Be("<m>");
    }

    [Theory]
    [InlineData("BertTokenizerFast", 0)]
    [InlineData("GAUAlphaTokenizer", 0)]
    [InlineData("RoFormerTokenizer", 65)]
    public void Class_WithJieba_IsRefusedWhereTheVocabularyHasWords(string name, int code)
    {
        using TemporaryFolder folder =
            Safetensors.Gau().Folder(vocabulary: Safetensors.Vocabulary.Replace("c\n", "今天\n", StringComparison.Ordinal));
        folder.Write("tokenizer_config.json", $"{{\"tokenizer_class\":\"{name}\"}}");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(code);
        if (code != 0)
            result.Error.Should().Contain("words such as '今天' from jieba");
    }

    /// <summary>As AutoTokenizer does: the model's configuration says the class where the tokenizer's has none.</summary>
    [Theory]
    [InlineData("{}", "T5Tokenizer", "config.json: tokenizer_class: 'T5Tokenizer' is not supported")]
    [InlineData(null, "RoFormerTokenizer", "config.json: tokenizer_class: RoFormerTokenizer takes words such as '今天' from jieba")]
    [InlineData("{\"tokenizer_class\":\"BertTokenizer\"}", "T5Tokenizer", null)]
    [InlineData("{\"tokenizer_class\":null}", "BertTokenizer", null)]
    public void Class_OfTheModelsConfiguration_CountsWhereTheTokenizersHasNone(string? tokenizer, string name, string? reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(
            Safetensors.Config($"\"tokenizer_class\":\"{name}\""), Safetensors.Vocabulary.Replace("c\n", "今天\n", StringComparison.Ordinal));
        if (tokenizer is not null)
            folder.Write("tokenizer_config.json", tokenizer);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(reason is null ? 0 : 65, result.Error);
        if (reason is not null)
            result.Error.Should().Contain(reason);
    }

    [Fact]
    public void Config_KeysThatNothingKnows_AreSaid()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer_config.json", "{\"model_max_length\":512,\"do_magic\":true}");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0);
        result.Error.Should().Contain("unknown in tokenizer_config.json, ignored: do_magic").And.NotContain("model_max");
    }

    [Theory]
    [InlineData("added_tokens.json", "{\"<x>\":8,\"<e>\":7}")]
    [InlineData("tokenizer_config.json", "{\"added_tokens_decoder\":{\"8\":{\"content\":\"<x>\",\"special\":true},\"7\":{\"content\":\"<e>\"},\"4\":{\"content\":\"[MASK]\"}}}")]
    public void AddedTokens_BehindTheVocabulary_AreTokensAndSaid(string file, string content)
    {
        using TemporaryFolder folder = Padded(9, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n");
        folder.Write(file, content);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("added behind the vocabulary: <e>, <x>");
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        model.Description.Vocabulary.Skip(7).Should().Equal("<e>", "<x>");
        model.Description.Tokenizer.AddedTokens.Should().Equal("<e>", "<x>");
    }

    [Theory]
    [InlineData(12)]
    [InlineData(8)]
    public void Rows_WithoutAToken_AreLeftOutAndSaid(int vocabSize)
    {
        using TemporaryFolder plain = Safetensors.Gau().Folder();
        using TemporaryFolder folder = Padded(12, Safetensors.Vocabulary, vocabSize);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--type", "f32");
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("left out 4 of the 12 rows of the word embedding: there are 8 tokens");
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        using ModelFileReader expected = Tool.Convert(plain, plain.Root, "--type", "f32");
        model.Description.Config.VocabSize.Should().Be(8);
        model.Hash.Should().Be(expected.Hash, "the first rows are those of the model without padding");
        Tool.Run(folder.Path("m"), "--verify-against", folder.Path("model.safetensors")).Code.Should().Be(0);
    }

    [Fact]
    public void Rows_OfAnUntiedDecoderWithoutAToken_AreLeftOutToo()
    {
        const string embedding = "gau_alpha.embeddings.word_embeddings.weight", decoder = "cls.predictions.decoder.weight";
        using TemporaryFolder folder = Safetensors.Gau().Add(decoder, Safetensors.V, Safetensors.H)
            .Resize(embedding, 12).Resize(decoder, 12)
            .Folder(Safetensors.Config().Replace("\"vocab_size\":8", "\"vocab_size\":12", StringComparison.Ordinal));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--type", "f32");
        result.Code.Should().Be(0, result.Error);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        (model.Description.Config.VocabSize, model.Description.Config.UntiedDecoder).Should().Be((8, true));
        Tool.Run(folder.Path("m"), "--verify-against", folder.Path("model.safetensors")).Code.Should().Be(0);
    }

    [Fact]
    public void VocabSize_NeitherRowsNorTokens_IsRefused()
    {
        using TemporaryFolder folder = Padded(12, Safetensors.Vocabulary, 10);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("vocab_size: 10, but the word embedding has 12 rows and the vocabulary 8 tokens");
    }

    [Fact]
    public void TokenizerJson_OfABertTokenizer_IsHonoured()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("false", "true", "\"c\":7"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Tokenizer.Should().Be(
            new TokenizerConfig { LowerCase = false, Rules = Dialect.Port, StripAccents = true, JoinIdeographs = true });
    }

    [Fact]
    public void TokenizerJson_WithoutAVocabularyBesideIt_BringsItsOwn()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(), other = Safetensors.Gau().Folder();
        File.Delete(folder.Path("vocab.txt"));
        foreach (TemporaryFolder each in (TemporaryFolder[])[folder, other])
            each.Write("tokenizer.json", TokenizerJsonFile.Text("true", "null", "\"c\":7"));
        using ModelFileReader found = Tool.Convert(folder, folder.Root), expected = Tool.Convert(other, other.Root);
        found.Description.Vocabulary.Should().Equal(expected.Description.Vocabulary);
    }

    [Theory]
    [InlineData("\"c\":8", "model.vocab.c: the id 8, but there are 8 tokens")]
    [InlineData("\"c\":6", "model.vocab.c: the id 6, which 'b' has too")]
    [InlineData("\"\":7", "an empty token")]
    [InlineData("\"a\\nb\":7", "a token with a line feed or a zero")]
    [InlineData("\"\\u0000\":7", "a token with a line feed or a zero")]
    public void TokenizerJson_WhoseVocabularyHasGaps_IsRefused(string last, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        File.Delete(folder.Path("vocab.txt"));
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("true", "null", last));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(reason);
    }

    [Fact]
    public void Vocabulary_OfWords_IsRefusedWhateverItsTokenizerIsCalled()
    {
        string[] words = [.. Enumerable.Range(0, 101).Select(i => $"{(char)('一' + i)}{(char)('一' + i)}")];
        using TemporaryFolder folder = Safetensors.Gau().Folder(
            vocabulary: "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + string.Join('\n', words) + "\n");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("vocab.txt: tokens: 101 of the 106 tokens are words such as '一一'");
    }

    [Theory]
    [InlineData("\"d\":7", "model.vocab.d: the id 7, but in")]
    [InlineData("\"c\":8", "model.vocab.c: the id 8, but in")]
    [InlineData("\"[PAD]2\":7", "model.vocab.[PAD]2")]
    public void TokenizerJson_OfAnotherVocabulary_IsRefused(string last, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("true", "null", last));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(reason);
    }

    [Fact]
    public void TokenizerJson_OtherThanTheConfigOfNoClass_IsRefused()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("false", "null", "\"c\":7"));
        folder.Write("tokenizer_config.json", "{\"do_lower_case\":true,\"tokenizer_class\":\"TokenizersBackend\"}");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("normalizer.lowercase: false, but").And.Contain("has do_lower_case true");
    }

    [Fact]
    public void Files_OfMoreTokensThanCouldBeLookedUpOneByOne_AreRead()
    {
        const int tokens = 40_000;   // one search per token among all the others would be felt
        string[] words = [.. Enumerable.Range(5, tokens).Select(id => $"w{id}")];
        string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + string.Concat(words.Select(word => word + "\n"));
        using TemporaryFolder folder = new();
        string path = folder.Write("vocab.txt", vocabulary);
        string ids = string.Join(',', words.Select((word, i) => $"\"{word}\":{i + 5}"));
        folder.Write("added_tokens.json", $"{{{ids}}}");
        string decoder = string.Join(',', words.Select((word, i) => $"\"{i + 5}\":{{\"content\":\"{word}\"}}"));
        string all = string.Join(',', words.Select(word => $"\"{word}\""));
        folder.Write("tokenizer_config.json",
            $$"""{"added_tokens_decoder":{{{decoder}}},"additional_special_tokens":[{{all}}],"never_split":[{{all}}]}""");
        folder.Write("tokenizer.json",
            TokenizerJsonFile.Text("true", "null", ids).Replace("\"a\":5,\"b\":6,", "", StringComparison.Ordinal));
        TokenizerReader.Read(folder.Root, path, Dialect.Port, cased: false, SegmentPolicy.Pairs).Config.AddedTokens.Should().Equal(words);
    }

    [Theory]
    [InlineData("\"x\":0")]
    [InlineData("\"tokenizer_class\":\"BertTokenizerFast\"")]
    public void TokenizerJson_OtherThanTheConfigOfABertClass_IsOverruledAndThatIsSaid(string member)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("false", "false", "\"c\":7"));
        folder.Write("tokenizer_config.json", $"{{\"do_lower_case\":true,\"strip_accents\":true,{member}}}");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain(
            "tokenizer_config.json says otherwise than tokenizer.json, and is followed: lowercase false, strip_accents false");
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        (model.Description.Tokenizer.LowerCase, model.Description.Tokenizer.StripAccents).Should().Be((true, null));
    }

    [Theory]
    [InlineData("{\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":0}},", "", "post_processor.single: 'A [SEP]' is not supported")]
    [InlineData(",{\"Sequence\":{\"id\":\"B\",\"type_id\":1}}", "", "post_processor.pair: '[CLS] A [SEP] [SEP]' is not supported")]
    public void TokenizerJson_OfAnotherTemplate_IsRefused(string part, string instead, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("true", "null", "\"c\":7").Replace(part, instead, StringComparison.Ordinal));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(reason);
    }

    [Theory]
    [InlineData("<E>")]
    [InlineData("é")]
    public void AddedToken_Normalized_IsRefusedWhereTheFastClassWouldLookForAnother(string name)
    {
        using TemporaryFolder folder = Safetensors.Gau().Resize("gau_alpha.embeddings.word_embeddings.weight", 9).Folder(
            Safetensors.Config().Replace("\"vocab_size\":8", "\"vocab_size\":9", StringComparison.Ordinal));
        folder.Write(
            "tokenizer_config.json", $"{{\"added_tokens_decoder\":{{\"8\":{{\"content\":\"{name}\",\"normalized\":true}}}}}}");
        using (ModelFileReader model = Tool.Convert(folder, folder.Root))
            model.Description.Tokenizer.AddedTokens.Should().Equal(name);
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("true", "null", "\"c\":7"));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain($"8.normalized: true, for the token '{name}'");
    }

    [Fact]
    public void Settings_ThatChangeNoToken_AreAccepted()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer.json", TokenizerJsonFile.Text("true", "null", "\"c\":7"));
        folder.Write("tokenizer_config.json", """
            {"add_prefix_space":true,"tokenizer_class":"TokenizersBackend","added_tokens_decoder":
             {"5":{"content":"a","lstrip":true,"rstrip":true,"normalized":true,"special":false}}}
            """);
        foreach (string dialect in (string[])["port", "keras"])
            Tool.Convert(folder, folder.Root, "--dialect", dialect).Dispose();
    }

    [Fact]
    public void Verification_OfWeights_AsksNothingOfTheTokenizer()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        folder.Write("tokenizer_config.json", "{\"do_basic_tokenize\":false,\"tokenizer_class\":\"T5Tokenizer\"}");
        folder.Write("tokenizer.json", "{\"normalizer\":{\"type\":\"Sequence\"}}");
        Tool.Run(model.Path, "--verify-against", folder.Root).Code.Should().Be(0);
    }

    private static TemporaryFolder Padded(int rows, string vocabulary, int? vocabSize = null)
    {
        const string embedding = "gau_alpha.embeddings.word_embeddings.weight";
        string config = Safetensors.Config().Replace(
            "\"vocab_size\":8", $"\"vocab_size\":{vocabSize ?? rows}", StringComparison.Ordinal);
        return Safetensors.Gau().Resize(embedding, rows).Folder(config, vocabulary);
    }
}
