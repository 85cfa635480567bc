using GauRuntime.Tools;
using GauRuntime.Train.Data;

namespace GauRuntime.Train.Tests.Commands;

public sealed class WordsCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Words_OfTexts_AreWrittenAndReadBack()
    {
        string[] words = ["法院", "审理", "案件", "机关", "办法", "规定", "责任", "企业"];
        string corpus = folder.Write("corpus.txt", string.Concat(
            Enumerable.Range(0, 400).Select(i => $"{words[i % 8]}{words[i / 8 % 8]}{words[(i + i / 8) % 8]}\n")));
        string output = folder.Path("words.txt");
        CommandRun run = CommandRun.Of("words", corpus, "-o", output);
        run.Code.Should().Be(ExitCode.Ok, run.Error);
        run.Output.Should().StartWith($"{output}: ").And.Contain(" characters each on average, of 400 documents");
        WordList.Read(output).Words.Select(word => word.Word).Should().Contain(words);
        CommandRun.Of("words", corpus, "-o", output, "--force", "--json").Json.GetProperty("words").GetInt32()
            .Should().Be(File.ReadAllLines(output).Length);
    }

    [Fact]
    public void Words_CorpusWithoutChinese_IsRefused()
    {
        string corpus = folder.Write("corpus.txt", "plain English\n");
        CommandRun run = CommandRun.Of("words", corpus, "-o", folder.Path("w"));
        run.Code.Should().Be(ExitCode.MalformedInput);
        run.Error.TrimEnd().Should().Be(
            "error: no words can be learned: hardly a Chinese character in the corpus; another segmenter needs no words");
        folder.Files.Should().Equal("corpus.txt");
    }
}
