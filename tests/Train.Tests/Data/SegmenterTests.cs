using System.Text.Json;
using GauRuntime.Train.Data;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Data;

public sealed class SegmenterTests
{
    private static readonly JsonElement Golden = TrainingFixture.Read("segmentation.json");
    private static readonly JsonElement[] All = [.. Golden.GetProperty("cases").EnumerateArray()];
    private static readonly Unigram OfTheReference = new(new WordList(
        Golden.GetProperty("counts").EnumerateObject().Select(word => (word.Name, word.Value.GetInt64()))));

    public static TheoryData<int> Cases { get; } = new(Enumerable.Range(0, All.Length));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Unigram_TextsOfTheReference_AreItsWords(int number) =>
        Words(OfTheReference, All[number].GetProperty("text").GetString()!)
            .Should().Equal(All[number].GetProperty("words").Strings());

    /// <summary>甲乙 and 乙丙 occur as often, and so do 甲 and 丙: both ways to cut are as likely.</summary>
    [Fact]
    public void Unigram_Tie_KeepsTheShorterLastWord() =>
        Words(new Unigram(new WordList([("甲乙", 8), ("乙丙", 8), ("甲", 4), ("丙", 4)])), "甲乙丙")
            .Should().Equal("甲乙", "丙");

    [Fact]
    public void Unigram_RareCharacterBeyondTheFirstPlane_StaysWhole() =>
        Words(new Unigram(new WordList([("\U00020BB7家", 9), ("家", 3)])), "\U00020BB7家\U00020BB7")
            .Should().Equal("\U00020BB7家", "\U00020BB7");

    [Fact]
    public void Unigram_AMillionCharacters_IsLinear()
    {
        string text = string.Concat(Enumerable.Repeat("中华人民共和国民法典", 100_000));
        ProcessorTime.Of(() => Words(OfTheReference, text).Should().HaveCount(200_000))
            .Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("第1条 Windows-11的é①規定。", new[] { "第", "1", "条", " ", "Windows", "-", "11", "的", "é①", "規", "定", "。" })]
    [InlineData("a😀b", new[] { "a", "😀", "b" })]
    [InlineData("", new string[0])]
    public void Characters_OfAnyKind_FollowTheRuns(string text, string[] words) =>
        Words(new Characters(), text).Should().Equal(words);

    [Fact]
    public void Characters_HalfOfAPair_StandsAlone() =>
        Words(new Characters(), "a\ud800法").Should().Equal("a", "\ud800", "法");

    [Fact]
    public void Spans_OfAText_AreOneToThreeCharactersAsOftenAsSaid()
    {
        string text = string.Concat(Enumerable.Repeat("法", 20_000));
        string[] words = Words(new Spans(), text);
        string.Concat(words).Should().Be(text);
        double Share(int length) => words.Count(word => word.Length == length) / (double)words.Length;
        Share(1).Should().BeApproximately(0.4, 0.02);
        Share(2).Should().BeApproximately(0.4, 0.02);
        Share(3).Should().BeApproximately(0.2, 0.02);
    }

    [Fact]
    public void Spans_OfTwoStreams_AreCutAnotherWay()
    {
        string text = string.Concat(Enumerable.Repeat("法律", 50));
        Words(new Spans(), text, seed: 1).Should().Equal(Words(new Spans(), text, seed: 1));
        Words(new Spans(), text, seed: 1).Should().NotEqual(Words(new Spans(), text, seed: 2));
    }

    [Fact]
    public void Presegmented_SpacesAndLines_PartWords() =>
        Words(new Presegmented(), " 百度 是  一家\n高科技\t公司 ").Should().Equal("百度", "是", "一家", "高科技", "公司");

    [Fact]
    public void Segment_Again_ForgetsTheTextBefore()
    {
        List<string> words = ["left over"];
        foreach (Segmenter segmenter in (Segmenter[])[new Characters(), new Presegmented(), new Spans(), OfTheReference])
        {
            segmenter.Segment("法", new SplitMix64(1), words);
            words.Should().Equal("法");
        }
    }

    private static string[] Words(Segmenter segmenter, string text, ulong seed = 1)
    {
        List<string> words = [];
        segmenter.Segment(text, new SplitMix64(seed), words);
        return [.. words];
    }
}
