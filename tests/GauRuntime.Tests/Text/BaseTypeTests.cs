using System.Buffers;
using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>The tokenizer through the base type of Microsoft.ML.Tokenizers.</summary>
public sealed class BaseTypeTests
{
    private static readonly Tokenizer Tokenizer =
        TokenizerFixture.Over(Dialect.Port, "今", "天", "un", "##able", "\u1112", "##\u1161", "##\u11AB", ",", "，", "x");

    [Fact]
    public void EncodeToIds_Text_HasNoClsAndSep()
    {
        Tokenizer.EncodeToIds("今天UNABLE zz").Should().Equal(5, 6, 7, 8, 1);
        Tokenizer.EncodeToIds("今天".AsSpan()).Should().Equal(5, 6);
        Tokenizer.CountTokens("今天UNABLE zz").Should().Be(5);
        Tokenizer.CountTokens("[MASK]").Should().Be(3, "nothing in a text is special here");
    }

    [Fact]
    public void EncodeToIds_Limit_SaysHowManyCharactersItTook()
    {
        Tokenizer.EncodeToIds("今 天unable ", 3, out string? normalized, out int consumed).Should().Equal(5, 6, 7);
        (normalized, consumed).Should().Be((null, 5));
        Tokenizer.EncodeToIds("今 天unable ", 4, out _, out consumed).Should().HaveCount(4);
        consumed.Should().Be(10, "all tokens fit, so the space after them is consumed too");
        Tokenizer.EncodeToIds("今天", 0, out _, out consumed).Should().BeEmpty();
        consumed.Should().Be(0);
        Tokenizer.EncodeToIds("今한 x", 3, out _, out consumed).Should().Equal(5);
        consumed.Should().Be(1, "the syllable's three tokens do not fit");
    }

    [Fact]
    public void EncodeToTokens_Text_HasOffsetsIntoTheOriginal() =>
        Tokenizer.EncodeToTokens(" Un\u00ADABLE今", out string? _).Should().Equal(
            new EncodedToken(7, "un", 1..3), new EncodedToken(8, "##able", 4..8), new EncodedToken(5, "今", 8..9));

    [Theory]
    [InlineData(0, 0, 0, 9)]
    [InlineData(1, 1, 1, 5)]
    [InlineData(2, 2, 3, 3)]
    [InlineData(3, 3, 5, 2)]
    [InlineData(4, 4, 9, 0)]
    [InlineData(9, 4, 9, 0)]
    public void GetIndexByTokenCount_FromEitherEnd_IsWhereThoseTokensEnd(
        int limit, int count, int index, int indexFromEnd)
    {
        const string Text = "今 天unable";
        Tokenizer.GetIndexByTokenCount(Text, limit, out string? normalized, out int counted).Should().Be(index);
        (normalized, counted).Should().Be((null, count));
        Tokenizer.GetIndexByTokenCountFromEnd(Text, limit, out normalized, out counted).Should().Be(indexFromEnd);
        (normalized, counted).Should().Be((null, count));
    }

    [Fact]
    public void GetIndexByTokenCount_LimitInsideACharacter_LeavesTheCharacterOut()
    {
        Tokenizer.GetIndexByTokenCount("今한 x", 2, out _, out int count).Should().Be(1);
        count.Should().Be(1);
        Tokenizer.GetIndexByTokenCountFromEnd("今한 x", 2, out _, out count).Should().Be(3);
        count.Should().Be(1);
    }

    [Fact]
    public void Decode_Tokens_JoinsPiecesAndIdeographs()
    {
        Tokenizer.Decode([5, 6, 7, 8, 12, 14, 13, 14, 14]).Should().Be("今天unable, x，x x");
        Tokenizer.Decode([8]).Should().Be("##able");
        Tokenizer.Decode([]).Should().BeEmpty();
        Tokenizer.Invoking(t => t.Decode([99])).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Decode_IntoSpan_TakesWholeTokens()
    {
        char[] destination = new char[6];
        Tokenizer.Decode([14, 7, 8], destination, out int consumed, out int written).Should().Be(
            OperationStatus.DestinationTooSmall);
        (consumed, written, new string(destination, 0, written)).Should().Be((2, 4, "x un"));
        Tokenizer.Decode([14, -1], destination, out consumed, out _).Should().Be(OperationStatus.InvalidData);
        consumed.Should().Be(1);
        Tokenizer.Decode([7], destination, out _, out _).Should().Be(OperationStatus.Done);
    }

    /// <summary>
    /// The package's own tokenizer is right where no symbol, rare ideograph, line end or accent occurs.
    /// </summary>
    [Fact]
    public void EncodeToIds_SubsetWhereBertTokenizerIsRight_AgreesWithIt()
    {
        string[] vocabulary = TokenizerFixture.TinyVocabulary;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary) + "\n"));
        var theirs = BertTokenizer.Create(
            stream, new BertOptions { LowerCaseBeforeTokenization = true, IndividuallyTokenizeCjk = true });
        GauTokenizer ours = TokenizerFixture.Tiny(Dialect.Port);
        string[] parts = [
            "今", "天", "气", "龙", "the", "THE", "un", "able", "Hello", "2022", "x", "q", ",", ".", "!", "?", "(", ")",
            "，", "。", "“", " ", "  "];
        Gen.Int[0, parts.Length - 1].Select(i => parts[i]).List[0, 30].Select(string.Concat).Sample(
            text => ours.Ids(text).SequenceEqual(theirs.EncodeToIds(text)), iter: 3_000);
    }
}
