using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Arrow files as inputs and as results.</summary>
public sealed class ArrowTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public ArrowTests()
    {
        TinyModel.Write(folder.Path("model"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model") };
        folder.Write(
            "in.jsonl",
            "{\"id\":\"甲\",\"text\":\"今天\",\"gold\":\"a\",\"n\":1}\n{\"id\":\"乙\",\"gold\":\"b\"}\n"
            + "{\"id\":\"丙\",\"text\":\"天气\",\"n\":2.5}\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("table.arrow", "auto")]
    [InlineData("table.feather", "auto")]
    [InlineData("table", "arrow")]
    public void Score_IntoATableAndOutOfIt_GivesTheSameScores(string name, string format)
    {
        Run("score", "{in.jsonl}", "--keep-fields", "--include-text", "-o", $"{{{name}}}", "--output-format", format)
            .Code.Should().Be(0);
        string[] options = format == "auto" ? [] : ["--format", format];
        GauRun again = Run(["score", $"{{{name}}}", "--keep-fields", .. options]);
        again.Code.Should().Be(0, again.Error);
        GauRun first = Run("score", "{in.jsonl}");
        again.Lines.Should().HaveCount(3);
        again.Lines[0].Should().StartWith(first.Lines[0][..^1]).And.Contain("\"gold\":\"a\",\"n\":1");
        again.Lines[1].Should().Be("{\"id\":\"乙\",\"error\":\"column 'text' is null\"}");
        Run("score", "{in.jsonl}", "-o", "{rows.jsonl}").Code.Should().Be(0);
        if (format == "auto")
            Run("compare", $"{{{name}}}", "{rows.jsonl}", "--tolerance", "0").Code.Should().Be(0);
    }

    [Fact]
    public void Score_FolderWithFeatherFiles_ReadsThem()
    {
        Directory.CreateDirectory(folder.Path("parts"));
        Run("score", "{in.jsonl}", "--include-text", "-o", "{parts/b.feather}").Code.Should().Be(0);
        File.Copy(folder.Path("in.jsonl"), folder.Path("parts/a.jsonl"));
        Run("score", "{parts}").Lines.Should().HaveCount(6);
    }

    [Theory]
    [InlineData(2, "Arrow is read from its end: it needs a file, not standard input", "score", "-", "--format", "arrow")]
    [InlineData(2, "Arrow goes into a file: --output", "score", "{in.jsonl}", "--output-format", "arrow")]
    [InlineData(2, "Arrow is not compressed: leave out .gz, .zst and --output-compression", "score", "{in.jsonl}", "-o", "{x.arrow.gz}")]
    [InlineData(2, "--encoding is for files of", "score", "{empty.feather}", "--encoding", "gb18030")]
    [InlineData(65, "empty.feather: metadata: no Arrow file, which is never empty: this has 0 bytes", "score", "{empty.feather}")]
    [InlineData(65, "no Arrow file: this looks like text: --format csv, tsv, jsonl or txt", "score", "{text.arrow}")]
    [InlineData(65, "this is an Arrow file (feather): read it as --format arrow, out of a file and no pipe", "score", "{table.jsonl}")]
    public void Score_WhatCannotBe_IsOneLine(int code, string error, params string[] words)
    {
        folder.Write("empty.feather", "");
        folder.Write("text.arrow", "text\na\n");
        Run("score", "{in.jsonl}", "-o", "{table.jsonl}", "--output-format", "arrow").Code.Should().Be(0);
        GauRun run = Run(words);
        run.Code.Should().Be(code);
        run.Error.Should().Contain(error);
        run.Error.Trim().Should().NotContain("\n");
    }

    private GauRun Run(params string[] words) => GauRun.Of(folder.Named(words), "", environment);
}
