using GauRuntime.Convert.Configuration;
using GauRuntime.Tools;
using GauRuntime.Train.Data;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Commands;

public sealed class VocabularyCommandTests : IDisposable
{
    private const string Text = "法律法规，第1条。\n法院\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Vocabulary_OfTexts_IsWrittenAndTold()
    {
        string corpus = folder.Write("corpus.txt", Text), output = folder.Path("vocab.txt");
        CommandRun run = CommandRun.Of("vocabulary", corpus, "-o", output, "--min-count", "1");
        run.Should().Be(new CommandRun(
            ExitCode.Ok, $"{output}: 85 tokens, which have 100 % of the 11 characters of 2 documents{Environment.NewLine}", ""));
        File.ReadAllLines(output).Take(6).Should().Equal("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "法");
    }

    [Fact]
    public void Vocabulary_AsConvertReadsIt_IsAVocabularyOfCharacters()
    {
        string corpus = folder.Write("corpus.txt", Text);
        CommandRun.Of("vocabulary", corpus, "-o", folder.Path("vocab.txt"), "--min-count", "1").Code.Should().Be(0);
        TokenizerSource source = TokenizerReader.Read(
            folder.Root, folder.Path("vocab.txt"), Dialect.Port, cased: false, SegmentPolicy.Zeros);
        source.Config.Should().BeEquivalentTo(Vocabulary.Rules);
    }

    [Fact]
    public void Vocabulary_WithJson_IsToldAsJson()
    {
        string corpus = folder.Write("corpus.jsonl", "{\"content\":\"法律\"}\n{}\n{\"content\":\"\"}\n");
        CommandRun run = CommandRun.Of("vocabulary", corpus, "-o", folder.Path("v"), "--min-count", "1", "--size", "78", "--json");
        run.Code.Should().Be(ExitCode.Ok);
        run.Json.GetProperty("tokens").GetInt32().Should().Be(78);
        run.Json.GetProperty("characters").GetInt32().Should().Be(2);
        run.Json.GetProperty("covered").GetInt32().Should().Be(1);
        run.Json.GetProperty("documents").GetInt32().Should().Be(1);
        run.Json.GetProperty("empty").GetInt32().Should().Be(1);
        run.Json.GetProperty("rejected").GetInt32().Should().Be(1);
        run.Error.Should().StartWith("{\"note\":\"1 record has no field 'content'");
    }

    [Fact]
    public void Vocabulary_FoldersAndPatterns_AreReadInOrder()
    {
        Directory.CreateDirectory(folder.Path("a"));
        File.WriteAllText(Path.Combine(folder.Path("a"), "x.txt"), "法");
        File.WriteAllText(Path.Combine(folder.Path("a"), "y.jsonl"), "{\"text\":\"律\"}");
        folder.Write("z1.txt", "规");
        CommandRun run = CommandRun.Of(
            "vocabulary", folder.Path("a"), folder.Path("z*.txt"), "-o", folder.Path("v"), "--min-count", "1", "--json");
        run.Json.GetProperty("documents").GetInt32().Should().Be(3);
    }

    [Theory]
    [InlineData("empty.txt", "", ExitCode.MalformedInput, "the corpus is empty")]
    [InlineData("a.jsonl", "nonsense\n", ExitCode.MalformedInput, "none has a text; 1 record: not JSON at byte")]
    [InlineData("a.csv", "id,body\n1,x\n", ExitCode.MalformedInput, "no column 'text'; the columns are")]
    public void Vocabulary_NoTexts_IsOneLineAndNoFile(string name, string content, int code, string reason)
    {
        string corpus = folder.Write(name, content);
        CommandRun run = CommandRun.Of("vocabulary", corpus, "-o", folder.Path("vocab.out"));
        run.Code.Should().Be(code);
        run.Error.TrimEnd().Should().StartWith($"error: {corpus}: ").And.Contain(reason).And.NotContain("\n");
        folder.Files.Should().Equal(name);
    }

    [Fact]
    public void Vocabulary_BrokenUtf8_IsRejectedOrReplaced()
    {
        string corpus = folder.Write("a.txt", [.. "法\n"u8, 0xff, .. "律\n"u8]);
        CommandRun run = CommandRun.Of("vocabulary", corpus, "-o", folder.Path("v"), "--min-count", "1");
        run.Code.Should().Be(ExitCode.Ok);
        run.Error.Should().StartWith("note: 1 record: not UTF-8 at byte 0 of the record").And.Contain("line 2)");
        CommandRun.Of("vocabulary", corpus, "-o", folder.Path("v"), "--force", "--max-rejects", "0").Code
            .Should().Be(ExitCode.TooManyRejects);
        CommandRun.Of("vocabulary", corpus, "-o", folder.Path("w"), "--utf8", "replace", "--min-count", "1").Should()
            .Match<CommandRun>(other => other.Code == 0 && other.Error == "");
        File.ReadAllText(folder.Path("w")).Should().Contain("律");
    }

    [Theory]
    [InlineData(ExitCode.InputMissing, "no such file", "vocabulary", "{0}/none.txt", "-o", "{0}/v")]
    [InlineData(ExitCode.InputMissing, "no file matches", "vocabulary", "{0}/none*.txt", "-o", "{0}/v")]
    [InlineData(ExitCode.CannotCreate, "exists already; --force replaces it", "vocabulary", "{0}/a.txt", "-o", "{0}/there")]
    [InlineData(ExitCode.CannotCreate, "this is an input", "vocabulary", "{0}/a.txt", "-o", "{0}/a.txt", "--force")]
    [InlineData(ExitCode.CannotCreate, "cannot be created", "vocabulary", "{0}/a.txt", "-o", "{0}/none/v")]
    [InlineData(ExitCode.Usage, "--size: '76' is not a whole number of at least 77", "vocabulary", "{0}/a.txt", "-o", "{0}/v", "--size", "76")]
    [InlineData(ExitCode.Usage, "--min-count: '0'", "vocabulary", "{0}/a.txt", "-o", "{0}/v", "--min-count", "0")]
    [InlineData(ExitCode.Usage, "--delimiter is for CSV", "vocabulary", "{0}/a.txt", "-o", "{0}/v", "--delimiter", ";")]
    [InlineData(ExitCode.Usage, "--output", "vocabulary", "{0}/a.txt")]
    [InlineData(ExitCode.Usage, "unknown option '--sise'", "vocabulary", "{0}/a.txt", "-o", "{0}/v", "--sise", "90")]
    public void Vocabulary_WrongCommandLines_AreRefused(int code, string reason, params string[] args)
    {
        folder.Write("a.txt", Text);
        folder.Write("there", "kept");
        CommandRun run = CommandRun.Of([.. args.Select(arg => arg.Replace("{0}", folder.Root, StringComparison.Ordinal))]);
        run.Code.Should().Be(code, run.Error);
        run.Error.TrimEnd().Should().Contain(reason).And.NotContain("\n");
        folder.Files.Should().Equal("a.txt", "there");
        File.ReadAllText(folder.Path("there")).Should().Be("kept");
        File.ReadAllText(folder.Path("a.txt")).Should().Be(Text);
    }

    [Fact]
    public void Vocabulary_Again_IsTheSameToTheByte()
    {
        string corpus = folder.Write("a.txt", string.Concat(Enumerable.Range(0, 500).Select(i => $"{(char)(0x4e00 + i * 31 % 97)}\n")));
        CommandRun.Of("vocabulary", corpus, "-o", folder.Path("1"), "--size", "100");
        CommandRun.Of("vocabulary", corpus, "-o", folder.Path("2"), "--size", "100");
        File.ReadAllBytes(folder.Path("2")).Should().Equal(File.ReadAllBytes(folder.Path("1")));
    }
}
