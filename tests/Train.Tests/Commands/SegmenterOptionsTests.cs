using System.CommandLine;
using GauRuntime.Tools;
using GauRuntime.Train.Commands;
using GauRuntime.Train.Data;

namespace GauRuntime.Train.Tests.Commands;

public sealed class SegmenterOptionsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Corpus corpus;

    public SegmenterOptionsTests() => corpus = Corpus.Read(
        [string.Concat(Enumerable.Repeat("法院审理案件。", 9))], new CorpusLayout(614, 0, 0), folder.Root);

    public void Dispose()
    {
        corpus.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(typeof(Unigram), false)]
    [InlineData(typeof(Presegmented), true, "--segmenter", "pre")]
    [InlineData(typeof(Characters), false, "--segmenter", "char")]
    [InlineData(typeof(Spans), false, "--segmenter", "span")]
    public void Create_Names_GiveTheirSegmenters(Type type, bool hasWords, params string[] args)
    {
        (SegmenterOptions options, ParseResult result) = Parse(args);
        options.Create(result, null, corpus).Should().BeOfType(type);
        options.HasWords(result).Should().Be(hasWords);
    }

    [Fact]
    public void Words_OfADictionary_TellsWhatHasNoEffect()
    {
        string path = folder.Write("dict.txt", "法院 9 n\nB超 3 n\n");
        (SegmenterOptions options, ParseResult result) = Parse("--words", path);
        using StringWriter error = new();
        WordList words = options.Words(result, new CommandStreams(TextWriter.Null, error, false))!;
        words.Words.Should().Equal(("法院", 9));
        error.ToString().TrimEnd().Should().Be(
            $"note: {path}: 1 words are not of Chinese characters alone, and no text is cut into them");
    }

    [Fact]
    public void Words_OfAnotherSegmenter_AreRefused()
    {
        (SegmenterOptions options, ParseResult result) = Parse("--words", "none.txt", "--segmenter", "span");
        ((Action)(() => options.Words(result))).Should().Throw<ToolException>()
            .WithMessage("--words is for --segmenter unigram, not span").Which.Code.Should().Be(ExitCode.Usage);
    }

    private static (SegmenterOptions Options, ParseResult Result) Parse(params string[] args)
    {
        Command command = new("pretrain");
        SegmenterOptions options = new(command);
        return (options, new RootCommand { command, new Option<bool>("--json") { Recursive = true } }.Parse(["pretrain", .. args]));
    }
}
