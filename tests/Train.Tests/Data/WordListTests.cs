using System.Text;
using GauRuntime.Train.Data;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Data;

public sealed class WordListTests
{
    [Fact]
    public void Write_ThenRead_IsTheSame()
    {
        WordList list = new([("规定", 150), ("的", 900), ("\U00020BB7家", 150)]);
        using MemoryStream stream = new();
        list.Write(stream);
        Encoding.UTF8.GetString(stream.ToArray()).Should().Be("的\t900\n规定\t150\n\U00020BB7家\t150\n");
        using TemporaryFolder folder = new();
        WordList read = WordList.Read(folder.Write("words.txt", stream.ToArray()));
        read.Words.Should().Equal(list.Words);
        read.Useless.Should().Be(0);
    }

    [Fact]
    public void Read_DictionaryOfJieba_TakesWordsAndCounts()
    {
        using TemporaryFolder folder = new();
        WordList list = WordList.Read(folder.Write("dict.txt", "B超 3 n\n一一二 5 m\r\n法律 120 n\n"));
        list.Words.Should().Equal(("法律", 120), ("一一二", 5));
        list.Useless.Should().Be(1);
    }

    [Theory]
    [InlineData("法律\n", "line 1: expected a word and its count")]
    [InlineData("法律 120\n\n", "line 2: expected a word and its count")]
    [InlineData("法律 0\n", "line 1: expected a word and its count")]
    [InlineData("法律 -3\n", "line 1: expected a word and its count")]
    [InlineData("法律 1e3\n", "line 1: expected a word and its count")]
    [InlineData("法律 99999999999999999999\n", "line 1: expected a word and its count")]
    [InlineData("法律 1 n x\n", "line 1: expected a word and its count")]
    [InlineData("法律 1\n法律 2\n", "line 2: the word '法律' stands on another line too")]
    [InlineData("law 5\n", "no word of Chinese characters")]
    [InlineData("", "the file is empty")]
    public void Read_AnythingElse_IsRefusedWithItsLine(string content, string reason)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("words.txt", content);
        ((Action)(() => WordList.Read(path))).Should().Throw<GauFormatException>().WithMessage($"{path}: *{reason}*");
    }
}
