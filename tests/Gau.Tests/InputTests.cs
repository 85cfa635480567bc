using System.IO.Compression;
using System.Text;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

public sealed class InputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public InputTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        foreach (string name in (string[])["b", "B", "a", "a10", "a2"])
            Write($"data/{name}.jsonl", Record(name));
        Write("data/c.csv.gz", Gzip("id,text\nc,今天\n"));
        Write("data/notes.md", "no records"u8.ToArray());
        Write("data/.hidden.jsonl", Record("hidden"));
        Write("data/deep/d.jsonl", Record("d"));
        Write("data/deep/er/e.jsonl", Record("e"));
        Write("data/.git/g.jsonl", Record("g"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_Folder_ReadsItsFilesInOrdinalOrderAndNamesTheOthers()
    {
        GauRun run = Run("data");
        Ids(run).Should().Be("B a a10 a2 b c");
        run.Error.Should().StartWith(
            $"note: {folder.Path("data")}: 2 other files passed over: .hidden.jsonl, notes.md\n");
    }

    [Fact]
    public void Score_FolderWithManyOtherFiles_NamesSome()
    {
        for (int i = 0; i < 7; i++)
            Write($"many/{i}.bin", []);
        Write("many/a.jsonl", Record("a"));
        Run("many").Error.Should().StartWith(
            $"note: {folder.Path("many")}: 7 other files passed over: 0.bin, 1.bin, 2.bin, 3.bin, 4.bin, …\n");
    }

    [Fact]
    public void Score_NameThatIsNotUtf8_IsToldFromOneThatIsMissing()
    {
        // As a name in GBK reads, that of a folder's file or of the command line.
        GauRun run = Run("data/\uFFFD\uFFFD.jsonl");
        run.Code.Should().Be(66);
        run.Error.Should().Be(
            $"error: {folder.Path("data/\uFFFD\uFFFD.jsonl")}: its name is not UTF-8, and cannot be opened: rename it "
            + "(convmv)\n");
    }

    [Theory]
    [InlineData("data/*.jsonl", "B a a10 a2 b")]
    [InlineData("data/a*", "a a10 a2")]
    [InlineData("data/a?.jsonl", "a2")]
    [InlineData("data/?.jsonl", "B a b")]
    [InlineData("data/*/*.jsonl", "d")]
    [InlineData("data/**/*.jsonl", "B a a10 a2 b d e")]
    [InlineData("data/**/**/e.jsonl", "e")]
    [InlineData("data/deep/**", "d e")]
    [InlineData("d?ta/d*/e?/*", "e")]
    [InlineData("data/.*.jsonl", "hidden")]
    [InlineData("data/c.*.gz", "c")]
    public void Score_Pattern_ReadsWhatMatches(string pattern, string ids) => Ids(Run(pattern)).Should().Be(ids);

    [Theory]
    [InlineData("data/a.jsonl data/a.jsonl", "a a")]
    [InlineData("data/a.jsonl data/a*.jsonl", "a a10 a2")]
    [InlineData("data/a*.jsonl data/a.jsonl", "a a10 a2")]
    [InlineData("data/a*.jsonl data/a.jsonl data/a.jsonl", "a a10 a2 a")]
    [InlineData("data/a*.jsonl data/?.jsonl data", "a a10 a2 B b c")]
    [InlineData("data/b.jsonl data/deep/../b.jsonl", "b b")]
    public void Score_SameFileAgain_IsReadAsOftenAsItIsTyped(string inputs, string ids) =>
        Ids(Run(inputs.Split(' '))).Should().Be(ids);

    [Theory]
    [InlineData("empty", "no file of records in this folder")]
    [InlineData("data/*.none", "no file matches")]
    [InlineData("nothing/*.jsonl", "no file matches")]
    public void Score_NoFile_Is66(string input, string reason)
    {
        Write("empty/readme.md", []);
        GauRun run = Run(input);
        run.Code.Should().Be(66);
        run.Error.Should().StartWith("error: ").And.Contain(reason);
    }

    [Fact]
    public void Score_FileWhoseNameIsAPattern_IsThatFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no such names");
        Write("data/a*.jsonl", Record("star"));
        Ids(Run("data/a*.jsonl")).Should().Be("star");
    }

    [Fact]
    public void Score_LinksAmongFolders_EndThePattern()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights");
        Directory.CreateSymbolicLink(folder.Path("data/deep/loop"), folder.Path("data"));
        Ids(Run("data/**/e.jsonl")).Should().Be("e");
    }

    [Fact]
    public void Score_CompressedStandardInput_IsDecompressed() =>
        Ids(GauRun.Of(["score", "-"], Gzip(Encoding.UTF8.GetString(Record("x"))), environment)).Should().Be("x");

    [Fact]
    public void Score_TruncatedCompressedInput_Is65AfterTheRowsBefore()
    {
        byte[] content = Gzip(string.Concat(Enumerable.Range(0, 50).Select(i => Encoding.UTF8.GetString(Record($"{i}")))));
        Write("cut.jsonl.gz", content[..^9]);
        GauRun run = Run("cut.jsonl.gz");
        run.Code.Should().Be(65);
        run.Lines.Should().HaveCount(50);
        run.Error.Should().StartWith($"error: {folder.Path("cut.jsonl.gz")}: byte ");
    }

    [Fact]
    public void Score_Parquet_GivesARowForEveryRow()
    {
        GauRun run = GauRun.Of(
            ["score", Fixtures.Path("parquet", "arrow-snappy-dictionary.parquet"), "--keep-fields"], "", environment);
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(120);
        run.Lines[0].Should().StartWith("{\"id\":0,\"label\":").And.EndWith("\"size\":4294967295}}");
        run.Lines[3].Should().Be("{\"id\":3000000021,\"error\":\"column 'text' is null\"}");
    }

    [Fact]
    public void Fill_FoldersPatternsAndTexts_AreToldApart()
    {
        Write("masks/a.txt", "今[MASK]\n"u8.ToArray());
        Write("masks/b.txt", "天[MASK]\n"u8.ToArray());
        GauRun run = GauRun.Of(
            ["fill", "什么?[MASK]*", folder.Path("masks"), folder.Path("masks/?.txt"), "[MASK]"], "", environment);
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(4);
    }

    private static byte[] Record(string id) => Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\",\"text\":\"今天\"}}\n");

    private static byte[] Gzip(string text)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }

    private static string Ids(GauRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return string.Join(' ', run.Lines.Select(line => line.Split('"')[3]));
    }

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Path(name))!);
        File.WriteAllBytes(folder.Path(name), content);
    }

    private GauRun Run(params string[] inputs) =>
        GauRun.Of(["score", .. inputs.Select(folder.Path)], "", environment);
}
