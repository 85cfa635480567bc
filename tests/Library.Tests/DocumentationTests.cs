using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>Every example of the pages for users is compiled and run.</summary>
[CollectionDefinition(nameof(DocumentationTests), DisableParallelization = true)]
[Collection(nameof(DocumentationTests))]
public sealed class DocumentationTests : IDisposable
{
    private static readonly string[] Pages =
        ["docs/library.md", "docs/tutorial.md", "docs/faq.md", "docs/search.md", "docs/tokenizer.md", "src/GauRuntime/README.md", "src/Extensions/README.md"];

    private readonly TemporaryFolder folder = new();
    private readonly string before = Environment.CurrentDirectory;

    public DocumentationTests()
    {
        // The examples write beside the files they read.
        Directory.CreateDirectory(folder.Path("models"));
        Directory.CreateDirectory(folder.Path("samples"));
        folder.Copy(Repository.Model, "models/legal.int8.safetensors");
        folder.Copy(Repository.At("samples", "legal.jsonl"), "samples/legal.jsonl");
        WriteTiny("models/entities.safetensors", HeadKind.TokenClassification, "O", "B-name", "I-name", "address");
        TinyModel.Write(folder.Path("models/cross.safetensors"), TinyModel.CrossEncoder);
        WriteTiny("models/choices.safetensors", HeadKind.MultipleChoice);
        WriteTiny("models/answers.safetensors", HeadKind.QuestionAnswering);
        folder.Write("held-out.tsv", string.Concat(File.ReadLines(Fixtures.Path("legal", "test.jsonl")).Take(60).Select(line =>
        {
            using JsonDocument row = JsonDocument.Parse(line);
            string text = row.RootElement.GetProperty("text").GetString()!;
            return $"{text[..Math.Min(text.Length, 40)]}\t{row.RootElement.GetProperty("label").GetString()}\n";
        })));
        Environment.CurrentDirectory = folder.Root;
    }

    public static TheoryData<string, int> Blocks { get; } = new(
        Pages.SelectMany(page => Enumerable.Range(0, CSharpBlocks.Of(Repository.At(page)).Count).Select(i => (page, i))));

    public void Dispose()
    {
        Environment.CurrentDirectory = before;
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void CSharpBlock_OfAPage_CompilesAndRuns(string page, int block)
    {
        string code = CSharpBlocks.Of(Repository.At(page))[block];
        using MemoryStream assembly = new();
        CSharpBlocks.Compile(code, assembly).Should().BeEmpty();
        string output = CSharpBlocks.Run(assembly);
        output.Should().NotBeEmpty("an example shows something");
        if (page == "docs/faq.md")
            output.Trim().Should().Be("0");
    }

    [Fact]
    public void CSharpBlock_ThatIsWrong_DoesNotCompile()
    {
        using MemoryStream assembly = new();
        CSharpBlocks.Compile("new GauRuntime.GauClassifier(null!).NoSuchMethod();", assembly)
            .Should().ContainSingle().Which.Should().Contain("NoSuchMethod");
    }

    [Fact]
    public void Tutorial_ShellBlocks_RunInAnEmptyFolder()
    {
        // The programs are those that were built with the tests; packages are made and used in PackageTests, and what
        // trains is run by TutorialTests in tests/Train.Tests.
        string[] lines =
        [
            .. File.ReadAllText(Repository.At("docs", "tutorial.md")).Split("```sh\n").Skip(1)
                .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
                .Where(block => !block.Contains("tools/Train", StringComparison.Ordinal))
                .SelectMany(block => block.Split('\n'))
                .Where(line => line.Length > 0 && !line.StartsWith("dotnet ", StringComparison.Ordinal)),
        ];
        lines.Should().HaveCountGreaterThan(10);
        Directory.CreateDirectory(folder.Path("bin"));
        Directory.CreateDirectory(folder.Path("convert"));
        folder.Write("bin/gau", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "gau.dll")}' \"$@\"\n");
        folder.Write(
            "convert/gau-convert",
            $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "gau-convert.dll")}' \"$@\"\n");
        (int code, string output, string error) = ChildProcess.Shell(
            $"set -e\nchmod +x bin/gau convert/gau-convert\nREPO='{Fixtures.Root}'\n{string.Join('\n', lines)}");
        code.Should().Be(0, output + error);
        output.Should().Contain("\"label\"");
    }

    private void WriteTiny(string name, HeadKind kind, params string[] labels) =>
        TinyModel.Write(folder.Path(name), TinyModel.Sequence with { Kind = kind, Labels = labels });
}
