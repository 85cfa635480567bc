using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>
/// Tokens through the table of characters: the same as those of a <see cref="WordReader"/>, which reads every character
/// where it stands, and of longest matches in a list.
/// </summary>
public sealed class CharacterTableTests
{
    // Of the tokenizer that had no table and read every word by a WordReader alone; .NET 10, Unicode 16.0.
    [Theory]
    [InlineData(Dialect.Port, "21b1d2dbca09c77109b329e92bff377dfc7df72969f9bb37b141a70c2c705302")]
    [InlineData(Dialect.Keras, "ec0b98acf8effafcdcdf7308f6ae7b6ddbe0e98ab618df24f03fe2806af582d3")]
    [InlineData(Dialect.Google, "f5e1315dd6d7a3f1b810a9c2ffe12d2e73e089abb08509c3a0df1295e3551ca2")]
    public void Encode_RandomTextsOfAllSettings_GivesTheTokensOfTheReaderAlone(Dialect rules, string digest) =>
        TokenDigest.Of(rules).Should().Be(digest);

    [Theory]
    [InlineData(Dialect.Port)]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.Google)]
    public void Encode_EverySetting_GivesIdsAndPlacesOfWordAfterWord(Dialect rules)
    {
        string[] texts = [.. RandomTexts.Of(seed: 10 + (int)rules, 60)];
        foreach (TokenizerConfig config in RandomTexts.Settings(rules))
        {
            GauTokenizer tokenizer = new(RandomTexts.Vocabulary, config);
            WordAfterWord expected = new(tokenizer, RandomTexts.Vocabulary, config);
            foreach (string text in texts)
                foreach (bool parseSpecial in (bool[])[false, true])
                    Check(tokenizer, expected, text, parseSpecial);
        }
    }

    // Alone, in a word, and at the end of one.
    [Theory]
    [InlineData(Dialect.Port, true, null, false)]
    [InlineData(Dialect.Port, true, false, true)]
    [InlineData(Dialect.Port, false, null, false)]
    [InlineData(Dialect.Port, false, true, false)]
    [InlineData(Dialect.Keras, true, null, false)]
    [InlineData(Dialect.Google, true, null, false)]
    public void Encode_EveryUnit_GivesIdsAndPlacesOfWordAfterWord(
        Dialect rules, bool lowerCase, bool? strip, bool join)
    {
        TokenizerConfig config = TokenizerFixture.Config(rules, lowerCase) with
        {
            StripAccents = strip, JoinIdeographs = join,
        };
        GauTokenizer tokenizer = new(RandomTexts.Vocabulary, config);
        WordAfterWord expected = new(tokenizer, RandomTexts.Vocabulary, config);
        for (int unit = 0; unit <= char.MaxValue; unit++)
            Check(tokenizer, expected, $"{(char)unit} t{(char)unit}oa{(char)unit}", parseSpecial: unit % 2 == 0);
    }

    [Fact]
    public void Encode_ByManyThreadsAtOnce_IsTheSame()
    {
        string[] texts = [.. RandomTexts.Of(seed: 20, 200)];
        TokenizerConfig config = TokenizerFixture.Config(Dialect.Port, lowerCase: true);
        GauTokenizer warm = new(RandomTexts.Vocabulary, config);
        int[][] expected = [.. texts.Select(text => warm.Ids(text, parseSpecial: true))];
        for (int round = 0; round < 5; round++)
        {
            GauTokenizer cold = new(RandomTexts.Vocabulary, config);
            int[][] found = new int[texts.Length][];
            Parallel.For(0, 4, thread =>
            {
                for (int i = thread; i < texts.Length; i += 4)
                    found[i] = cold.Ids(texts[i], parseSpecial: true);
            });
            found.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        }
    }

    private static void Check(GauTokenizer tokenizer, WordAfterWord expected, string text, bool parseSpecial)
    {
        EncodedText encoded = new(), bare = new(keepsSpans: false);
        tokenizer.Encode(text, encoded, parseSpecial: parseSpecial);
        tokenizer.Encode(text, bare, parseSpecial: parseSpecial);
        List<(int, TokenSpan)> found = [];
        for (int i = 1; i < encoded.Ids.Length - 1; i++)
            found.Add((encoded.Ids[i], encoded.Spans[i]));
        List<(int, TokenSpan)> right = expected.Tokens(text, parseSpecial);
        if (!found.SequenceEqual(right))    // FluentAssertions takes long to compare
            found.Should().Equal(right, "{0} is read so", Printed(text));
        if (!bare.Ids.SequenceEqual(encoded.Ids) || bare.IsEmpty != encoded.IsEmpty)
            Assert.Fail($"without places {Printed(text)} becomes other tokens");
    }

    private static string Printed(string text) => string.Join(' ', text.Select(unit => $"U+{(int)unit:X4}"));
}
