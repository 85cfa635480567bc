using GauRuntime.Text;
using GauRuntime.Train.Data;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Data;

public sealed class VocabularyTests
{
    private static readonly string[] Specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    [Fact]
    public void Build_Characters_AreByFrequencyBehindTheSpecialTokens()
    {
        VocabularyBuilder builder = Of("法法法律律，は", "ははは Café 法2022");
        Vocabulary vocabulary = builder.Build(1000, minCount: 1);
        vocabulary.Tokens.Take(11).Should().Equal([.. Specials, "法", "##2", "##は", "は", "律", "##0"]);
        vocabulary.Tokens.Should().Contain(["c", "##a", "##f", "##e", "2", "，"]).And.NotContain(["C", "é", "##律"]);
        vocabulary.Tokens.Should().OnlyHaveUniqueItems();
        builder.Covered.Should().Be(builder.Characters).And.Be(19);
    }

    [Fact]
    public void Build_LettersAndDigits_AreThereUnseen()
    {
        string[] expected =
        [
            .. "abcdefghijklmnopqrstuvwxyz0123456789".SelectMany(c => (string[])[$"{c}", $"##{c}"]),
        ];
        Vocabulary vocabulary = Of("法").Build(VocabularyBuilder.LeastSize + 1, 1);
        vocabulary.Tokens.Order().Should().Equal(expected.Concat(Specials).Append("法").Order());
        Of("法").Build(VocabularyBuilder.LeastSize, 1).Tokens.Order().Should().Equal(expected.Concat(Specials).Order());
    }

    [Fact]
    public void Build_RareCharacters_AreLeftOutAndCounted()
    {
        VocabularyBuilder builder = Of("法法法律");
        builder.Build(1000, minCount: 2).Tokens.Should().Contain("法").And.NotContain("律");
        (builder.Characters, builder.Covered).Should().Be((4, 3));
    }

    [Fact]
    public void Build_SmallSize_KeepsTheMostFrequent()
    {
        Vocabulary vocabulary = Of("丙丙丙乙乙甲甲甲甲").Build(VocabularyBuilder.LeastSize + 2, 1);
        vocabulary.Tokens.Skip(5).Take(2).Should().Equal("甲", "丙");
        vocabulary.Tokens.Should().HaveCount(VocabularyBuilder.LeastSize + 2).And.NotContain("乙");
    }

    [Fact]
    public void Build_TextsInAnotherOrder_IsTheSame()
    {
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"{(char)(0x4e00 + i * 7 % 191)}{(char)(0x4e00 + i)}")];
        Of([.. texts.Reverse()]).Build(200, 1).Tokens.Should().Equal(Of(texts).Build(200, 1).Tokens);
    }

    [Fact]
    public void Build_WordsTooLong_AreNoPartOfIt()
    {
        VocabularyBuilder builder = Of(new string('я', 101), "法");
        builder.Build(1000, 1).Tokens.Should().NotContain("я").And.Contain("法");
        builder.Covered.Should().BeLessThan(builder.Characters);
    }

    [Fact]
    public void Build_ItsTokenizer_SpellsEveryText()
    {
        const string Text = "Windows 11的ä和は，𠮷！";
        Vocabulary vocabulary = Of(Text).Build(1000, 1);
        EncodedText encoded = new();
        vocabulary.Tokenizer().Encode(Text, encoded);
        encoded.Ids.ToArray().Should().NotContain(vocabulary.Tokenizer().UnknownId).And.HaveCount(2 + 7 + 2 + 7);
    }

    [Fact]
    public void Write_ThenRead_IsTheSame()
    {
        using TemporaryFolder folder = new();
        Vocabulary vocabulary = Of("法律𠮷，。").Build(1000, 1);
        using (FileStream stream = File.Create(folder.Path("vocab.txt")))
            vocabulary.Write(stream);
        Vocabulary.Read(folder.Path("vocab.txt")).Tokens.Should().Equal(vocabulary.Tokens);
    }

    [Theory]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n法\n", "the token [MASK] is missing")]
    [InlineData("[UNK]\n[PAD]\n[CLS]\n[SEP]\n[MASK]\n法\n", "line 1: training needs [PAD] as the first token, not '[UNK]'")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n法\n法\n", "line 7: the token '法' stands on line 6 too")]
    [InlineData("", "the file is empty")]
    public void Read_NoVocabularyToTrainWith_IsRefused(string content, string reason)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("vocab.txt", content);
        ((Action)(() => Vocabulary.Read(path))).Should().Throw<GauFormatException>().WithMessage($"{path}: *{reason}*");
    }

    private static VocabularyBuilder Of(params string[] texts)
    {
        VocabularyBuilder builder = new();
        foreach (string text in texts)
            builder.Add(text);
        return builder;
    }
}
