using GauRuntime.Train.Data;

namespace GauRuntime.Train.Tests.Data;

public sealed class PiecesTests
{
    [Fact]
    public void Longest_Of512Tokens_Is614Characters() => Pieces.Longest(512).Should().Be(614);

    [Theory]
    [InlineData("一二三四五六七八九", 9, new[] { "一二三四五六七八九" })]
    [InlineData("一二三四五六七八九十", 9, new[] { "一二三四五六七八九", "十" })]
    [InlineData("一二三四五六。八九十", 9, new[] { "一二三四五六。", "八九十" })]
    [InlineData("一二三四五。七八九十", 9, new[] { "一二三四五。七八九", "十" })]   // not in the final third
    [InlineData("一二三四五六七！；十一", 9, new[] { "一二三四五六七！；", "十一" })]
    [InlineData("一二三四五六七\n九十一二三四五", 9, new[] { "一二三四五六七\n", "九十一二三四五" })]
    [InlineData("　 \n", 9, new string[0])]
    [InlineData("", 9, new string[0])]
    [InlineData("𠮷一𠮷二𠮷三𠮷", 3, new[] { "𠮷一𠮷", "二𠮷三", "𠮷" })]
    public void Of_Text_CutsAtTheLastEndOfTheFinalThird(string text, int longest, string[] pieces) =>
        Cut(text, longest, hasWords: false).Should().Equal(pieces);

    [Theory]
    [InlineData("一二 三四 五六 七八 九十", 9, new[] { "一二 三四 五六 七八 ", "九十" })]
    [InlineData("一二 三四 五六 七。 九十", 9, new[] { "一二 三四 五六 七。", " 九十" })]
    [InlineData("一二三 四五六七八九十", 9, new[] { "一二三 四五六七八九", "十" })]
    public void Of_Words_CountsNoSpacesAndCutsThere(string text, int longest, string[] pieces) =>
        Cut(text, longest, hasWords: true).Should().Equal(pieces);

    [Fact]
    public void Of_AnyText_LosesNothing()
    {
        string text = string.Concat(Enumerable.Range(0, 5000).Select(i => i % 37 == 0 ? "。" : i % 101 == 0 ? "\U00020BB7" : "法"));
        string[] pieces = Cut(text, 61, hasWords: false);
        string.Concat(pieces).Should().Be(text);
        pieces.Should().OnlyContain(piece => piece.EnumerateRunes().Count() <= 61);
        pieces[..^1].Should().OnlyContain(piece => piece.EndsWith('。') || piece.EnumerateRunes().Count() == 61);
    }

    private static string[] Cut(string text, int longest, bool hasWords) =>
        [.. Pieces.Of(text, longest, hasWords).Select(piece => text.Substring(piece.Start, piece.Length))];
}
