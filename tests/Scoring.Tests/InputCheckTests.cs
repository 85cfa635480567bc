using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Headers and schemas of files are checked before the first record; those of pipes as they come.</summary>
public sealed class InputCheckTests : IDisposable
{
    private const string Good = "id,text\n1,今天\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Next_HeadersOfLaterFilesAreAtFault_NamesThemAllBeforeTheFirstRecord()
    {
        using RecordSource source = new(
            [
                File("a.csv", Good), File("b.csv", "id,txt\n2,今\n"), File("c.csv", Good), File("d.csv", "id,txt\n3,今\n"),
                File("e.tsv", "text\ttext\n"), File("f.parquet", ""), File("g.jsonl.gz", "\u001f\u008b\u0008"),
                File("h.jsonl", "PK\u0003\u0004"),
            ],
            new RecordFields());
        GauFormatException fault = Fault(source);
        fault.Message.Should().StartWith("6 of 8 inputs cannot be read: ").And
            .Contain($"{Path("b.csv")}, {Path("d.csv")}: line 1: no column 'text'; the columns are 'id', 'txt'; ").And
            .Contain($"{Path("e.tsv")}: line 1: two columns are called 'text'; ").And
            .Contain($"{Path("f.parquet")}: footer: no Parquet file, which is never empty: this has 0 bytes").And
            .Contain($"{Path("g.jsonl.gz")}: ").And.Contain($"{Path("h.jsonl")}: byte 0: this is a zip archive").And
            .NotContain("a.csv").And.NotContain("c.csv");
        string[] bad = ["b.csv", "d.csv", "e.tsv", "f.parquet", "g.jsonl.gz", "h.jsonl"];
        fault.Files.Should().Equal(bad.Select(Path));
        source.BytesRead.Should().Be(0);
    }

    [Fact]
    public void Next_OneFileAtFault_IsToldAsEver()
    {
        using RecordSource source = new([File("a.csv", Good), File("b.csv", "id,txt\n")], new RecordFields());
        Fault(source).Message.Should().Be($"{Path("b.csv")}: line 1: no column 'text'; the columns are 'id', 'txt'");
    }

    [Fact]
    public void Next_ManyFilesAtFault_LeavesNoneOut()
    {
        string[] names = [.. Enumerable.Range(0, 200).Select(i => $"part-with-a-rather-long-name-{i:000}.csv")];
        using RecordSource source = new([.. names.Select(name => File(name, "a,b\n"))], new RecordFields());
        string message = Fault(source).Message;
        names.Should().OnlyContain(name => message.Contains(name, StringComparison.Ordinal));
        message.Should().NotContain("\n");
    }

    // Every share says the same, wherever its bytes are.
    [Fact]
    public void Next_AnyShare_ChecksAllFiles()
    {
        InputFile[] files = [File("a.csv", Good), File("b.csv", "id,txt\n2,今\n")];
        for (int i = 0; i < 2; i++)
        {
            using RecordSource source = new(files, new RecordFields(), shard: new Shard(i, 2));
            Fault(source).File.Should().Be(Path("b.csv"));
        }
    }

    [Fact]
    public void Next_ColumnsOfParquet_AreCheckedToo()
    {
        string parquet = Fixtures.Path("parquet", "arrow-plain.parquet");
        using RecordSource source = new([File("a.csv", "id,body\n1,今\n"), InputFile.Find(parquet, null)], new RecordFields { Text = "body" });
        Fault(source).Message.Should().StartWith($"{parquet}: schema: no column 'body'");
    }

    [Fact]
    public void Next_PipeAtFault_IsToldWhenItsTurnComes()
    {
        InputFile pipe = new("pipe", RecordFormat.Csv, null, () => new PipeLikeStream("id,txt\n2,今\n"u8.ToArray()));
        using RecordSource source = new([File("a.csv", Good), pipe], new RecordFields());
        source.Next()!.Value.Text.Should().Be("今天");
        Fault(source).File.Should().Be("pipe");
    }

    [Fact]
    public void Next_EmptyFilesOfText_HaveNoRecords()
    {
        using RecordSource source = new(
            [File("a.csv", ""), File("b.tsv", ""), File("c.jsonl", ""), File("d.txt", ""), File("e.csv", Good)], new RecordFields());
        RecordReaderTests.All(source).Should().ContainSingle();
    }

    [Theory]
    [InlineData("a,b\n", "this looks like text: --format csv, tsv, jsonl or txt")]
    [InlineData("PK\u0003\u0004\u0014", "this is a zip archive: unpack it, and name the files in it")]
    [InlineData("(\u00b5/\u00fd", "this is a file of Zstandard: unpack it, or say with --format what it holds")]
    public void Parquet_OfAnotherKind_IsNamed(string content, string expected)
    {
        using RecordSource source = new([File("a.parquet", content)], new RecordFields());
        Fault(source).Reason.Should().Be($"no Parquet file: {expected}");
    }

    private string Path(string name) => folder.Path(name);

    // Of characters up to U+00FF, one is a byte, where the others are text.
    private InputFile File(string name, string content) => InputFile.Find(
        folder.Write(name, content.Any(c => c > 0xff) ? Encoding.UTF8.GetBytes(content) : Encoding.Latin1.GetBytes(content)),
        null);

    private static GauFormatException Fault(RecordSource source) =>
        source.Invoking(s => s.Next()).Should().Throw<GauFormatException>().Which;
}
