using System.Text.Json;
using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>
/// Every case of tests/fixtures/tokenizer/family.json: ids of the slow BertTokenizer of transformers 4.27.1 under all
/// settings of case, accents and ideographs, of pairs and of texts that are cut (<c>tests/fixtures/README.md</c>).
/// </summary>
public sealed class FamilyCasesTests
{
    private const int Groups = 12, Texts = 30, Pairs = 25, Singles = 5;

    private static readonly JsonElement Cases = TokenizerFixture.Json("family.json");
    private static readonly string[] Vocabulary =
        File.ReadAllText(Fixtures.Path("bert-tiny", "vocab.txt")).TrimEnd('\n').Split('\n');

    public static TheoryData<bool, bool?, bool> Settings()
    {
        TheoryData<bool, bool?, bool> data = [];
        foreach (JsonElement group in Cases.GetProperty("groups").EnumerateArray())
            data.Add(
                group.GetProperty("do_lower_case").GetBoolean(), Flag(group.GetProperty("strip_accents")),
                group.GetProperty("tokenize_chinese_chars").GetBoolean());
        return data;
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Encode_EverySetting_GivesTheIdsOfTheSlowTokenizer(bool lowerCase, bool? strip, bool chinese)
    {
        GauTokenizer tokenizer = Tokenizer(lowerCase, strip, chinese);
        JsonElement expected = Cases.GetProperty("groups").EnumerateArray().Single(group =>
            group.GetProperty("do_lower_case").GetBoolean() == lowerCase
            && Flag(group.GetProperty("strip_accents")) == strip
            && group.GetProperty("tokenize_chinese_chars").GetBoolean() == chinese).GetProperty("ids");
        expected.GetArrayLength().Should().Be(Texts);
        for (int i = 0; i < Texts; i++)
        {
            string text = Cases.GetProperty("texts")[i].GetString()!;
            tokenizer.Ids(text, parseSpecial: ReadsSpecial(text, chinese)).Should().Equal(
                Numbers(expected[i]), "text {0}, \"{1}\"", i, text);
        }
    }

    [Fact]
    public void Settings_OfTheFile_AreAllThereAre() => Cases.GetProperty("groups").GetArrayLength().Should().Be(Groups);

    [Fact]
    public void EncodePair_EveryLimit_GivesIdsAndSegmentsOfTheSlowTokenizer()
    {
        GauTokenizer tokenizer = Tokenizer(lowerCase: true, strip: null, chinese: true);
        EncodedText encoded = new();
        Cases.GetProperty("pairs").GetArrayLength().Should().Be(Pairs);
        foreach (JsonElement pair in Cases.GetProperty("pairs").EnumerateArray())
        {
            int limit = pair.GetProperty("max_length").GetInt32();
            string first = pair.GetProperty("a").GetString()!, second = pair.GetProperty("b").GetString()!;
            tokenizer.EncodePair(first, second, encoded, SegmentPolicy.Pairs, limit, parseSpecial: true);
            encoded.Ids.ToArray().Should().Equal(
                Numbers(pair.GetProperty("ids")), "{0} | {1} at {2}", first, second, limit);
            encoded.Segments.ToArray().Should().Equal(Numbers(pair.GetProperty("segments")));
        }
    }

    [Fact]
    public void Encode_EveryLimit_GivesTheIdsOfTheSlowTokenizer()
    {
        GauTokenizer tokenizer = Tokenizer(lowerCase: true, strip: null, chinese: true);
        Cases.GetProperty("singles").GetArrayLength().Should().Be(Singles);
        foreach (JsonElement single in Cases.GetProperty("singles").EnumerateArray())
            tokenizer.Ids(single.GetProperty("text").GetString()!, true, single.GetProperty("max_length").GetInt32())
                .Should().Equal(Numbers(single.GetProperty("ids")));
    }

    /// <summary>
    /// The tokenizer of the file was made of a vocabulary alone, not loaded from a folder: then it keeps special tokens
    /// whole only where blanks, or ideographs that are set apart, stand around them.
    /// </summary>
    private static bool ReadsSpecial(string text, bool chinese) =>
        chinese || !text.Contains("[MASK]", StringComparison.Ordinal);

    private static GauTokenizer Tokenizer(bool lowerCase, bool? strip, bool chinese) => new(
        Vocabulary, TokenizerFixture.Config(Dialect.Port, lowerCase) with
        {
            StripAccents = strip, JoinIdeographs = !chinese,
        });

    private static bool? Flag(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetBoolean();

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];
}
