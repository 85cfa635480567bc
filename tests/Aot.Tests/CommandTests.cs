using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;
using ZstdSharp;

namespace GauRuntime.Aot.Tests;

/// <summary>
/// Command lines give the same output, files, messages and exit code as under the JIT: what trimming removed, or what
/// has no code, would show here.
/// </summary>
public sealed partial class CommandTests : IDisposable
{
    private readonly TemporaryFolder native = new(), jit = new();
    private readonly Programs programs;

    public CommandTests(PublishedFile published)
    {
        programs = new Programs(published.OrSkip());
        string records = Cli.Tests.SampleRecords.JsonLines(60);
        foreach (TemporaryFolder folder in (TemporaryFolder[])[native, jit])
        {
            folder.Write("in.jsonl", records);
            folder.Write("in.jsonl.gz", Gzip(records));
            using Compressor zstd = new();
            folder.Write("in.jsonl.zst", zstd.Wrap(Encoding.UTF8.GetBytes(records)));
            folder.Write("gbk.csv", CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(
                "id,text\r\n甲,人民法院审理案件，适用法律。㐀😀\r\n"));
            folder.Write("in.csv", "id,text\r\nx,\"第一条, 国务院\"\r\ny,\"不闭合\r\n");
            folder.Write("broken.safetensors", "no model at all, and long enough to look at");
        }
    }

    public void Dispose()
    {
        native.Dispose();
        jit.Dispose();
    }

    [Theory]
    [InlineData("score in.jsonl", 0)]
    [InlineData("score in.jsonl.gz --output-format csv", 0)]
    [InlineData("score in.jsonl.zst -o out.jsonl.zst", 0)]
    [InlineData("score in.jsonl -o out.tsv.gz --rejects bad.jsonl", 0)]
    [InlineData("score in.jsonl -o out.parquet", 0)]
    [InlineData("score in.jsonl -o out.arrow", 0)]
    [InlineData("score 'in.jsonl*' --format jsonl --threads 2 --batch-tokens 64", 0)]
    [InlineData("score in.jsonl --shard 1/3 -o parts", 0)]
    [InlineData("score in.jsonl --max-rejects 1 -o out.jsonl", 3)]
    [InlineData("score in.jsonl --status-file status.json --no-progress", 0)]
    [InlineData("score gbk.csv --encoding gb18030 -o out.csv --bom", 0)]
    [InlineData("score gbk.csv --encoding auto --output-format tsv", 0)]
    [InlineData("score gbk.csv", 3)]
    [InlineData("score in.jsonl --dry-run 5 -o out.jsonl", 0)]
    [InlineData("score --literal '第一条　本法自2024年起施行。'", 0)]
    [InlineData("score in.jsonl --text body", 3)]
    [InlineData("score in.csv", 65)]
    [InlineData("score missing.jsonl", 66)]
    [InlineData("score missing.jsonl --json", 66)]
    [InlineData("score --no-such-option", 2)]
    [InlineData("score in.jsonl --json --model broken.safetensors", 65)]
    [InlineData("score in.jsonl -o /proc/x.jsonl", 73)]
    [InlineData("score in.jsonl > /dev/full", 74)]
    [InlineData("embed in.jsonl --pooling mean --normalize --dimensions 16", 0)]
    [InlineData("embed in.jsonl -o vectors.parquet", 0)]
    [InlineData("fill '本办法由国务院[MASK]政部门负责解释。' --top 3", 0)]
    [InlineData("tokenize '第一条　本法自2024年起施行。'", 0)]
    [InlineData("inspect --json", 0)]
    [InlineData("inspect", 0)]
    [InlineData("verify", 0)]
    [InlineData("compare in.jsonl in.jsonl", 65)]
    [InlineData("--help", 0)]
    [InlineData("score --help", 0)]
    [InlineData("--version", 0)]
    [InlineData("", 0)]
    [InlineData("help score", 0)]
    [InlineData("scoer in.jsonl", 2)]
    public void Command_Line_DoesWhatItDoesUnderTheJit(string arguments, int code)
    {
        Programs.Outcome expected = Programs.Run(Programs.Jit, jit.Root, arguments);
        Programs.Outcome found = Programs.Run(programs.Native, native.Root, arguments);
        found.Code.Should().Be(code, found.Error);
        expected.Code.Should().Be(code, expected.Error);
        Same(found.Output).Should().Be(Same(expected.Output));
        Same(found.Error).Should().Be(Same(expected.Error)).And.NotContain("   at ");
        ShouldHaveTheSameFiles();
    }

    [Theory]
    [InlineData("out.parquet")]
    [InlineData("out.feather")]
    public void Table_OfResults_IsReadBack(string table)
    {
        Both($"score in.jsonl -o {table}");
        Both($"score {table} --text label -o again.jsonl");
        File.ReadLines(native.Path("again.jsonl")).Should().HaveCount(60);
        Both($"compare {table} {table} --tolerance 0");
    }

    [Fact]
    public void Shards_Merged_GiveTheBytesOfOneRun()
    {
        Both("score in.jsonl -o whole.jsonl");
        foreach (int shard in (int[])[0, 1, 2])
            Both($"score in.jsonl --shard {shard}/3 -o parts");
        Both("merge parts -o merged.jsonl");
        File.ReadAllBytes(native.Path("merged.jsonl")).Should().Equal(File.ReadAllBytes(jit.Path("whole.jsonl")));
    }

    private void Both(string arguments)
    {
        Programs.Outcome expected = Programs.Run(Programs.Jit, jit.Root, arguments);
        Programs.Outcome found = Programs.Run(programs.Native, native.Root, arguments);
        expected.Code.Should().Be(0, expected.Error);
        found.Code.Should().Be(0, found.Error);
        ShouldHaveTheSameFiles();
    }

    private void ShouldHaveTheSameFiles()
    {
        native.Files.Should().Equal(jit.Files);
        foreach (string name in native.Files.Where(name => name != "status.json"))
            File.ReadAllBytes(native.Path(name)).Should().Equal(File.ReadAllBytes(jit.Path(name)), name);
    }

    private string Same(string text) => Figures().Replace(text, "")
        .Replace(native.Root, "FOLDER", StringComparison.Ordinal)
        .Replace(jit.Root, "FOLDER", StringComparison.Ordinal);

    private static byte[] Gzip(string text)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    /// <summary>What depends on the clock, and the commit of a build.</summary>
    [GeneratedRegex(@" in [0-9.]+ s: .* MiB at most|\+[0-9a-f]{40}")]
    private static partial Regex Figures();
}
