using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>The sample, as a program.</summary>
public sealed class SearchTests
{
    private static readonly string Search = $"cd '{Fixtures.Root}' && {ChildProcess.Command("Search")}";

    [Fact]
    public void Search_Queries_FindTheParagraphTheyCameFrom()
    {
        (int code, string output, string error) = ChildProcess.Shell(
            $"{Search} samples/Search/texts <<< $'保护夜空的义务\\n\\n社区花园的养护经费列入财政预算'");
        code.Should().Be(0, error);
        error.Should().StartWith("11 paragraphs, ");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(8);
        (lines[0], lines[4]).Should().Be(("保护夜空的义务", "社区花园的养护经费列入财政预算"));
        lines[1].Should().MatchRegex(@"^  0\.\d{3}  city\.txt:4  任何组织和个人都有保护夜空的义务");
        lines[5].Should().MatchRegex(@"^  0\.\d{3}  city\.txt:1  本市行政区域内的社区花园建设");
    }

    [Fact]
    public void Search_ModelThatSaysHowItEmbeds_UsesItsLayersAndPrompts()
    {
        using TemporaryFolder folder = new();
        string model = folder.Path("own");
        TinyModel.Write(model, TinyModel.NoHead, embedding: TinyModel.Embedding with
        {
            Steps = [TinyModel.Dense(6, Activation.Tanh)],
            Prompts = [new EmbeddingPrompt("query", "学习："), new EmbeddingPrompt("passage", "")],
        });
        folder.Write("a.txt", "学习：今天\n我们去公园\n");
        (int code, string output, string error) = ChildProcess.Shell($"{Search} {folder.Root} {model} <<< $'今天'");
        code.Should().Be(0, error);
        error.Should().StartWith("2 paragraphs, 6 dimensions");
        output.Should().StartWith("今天\n  1.000  a.txt:1  学习：今天\n", "the query's prompt is part of that paragraph");
        ChildProcess.Shell($"{Search} {folder.Root} {model} 我们去 <<< $'公园'").Output.Should().StartWith(
            "公园\n  1.000  a.txt:2  我们去公园\n", "that stands in front of the query instead");
    }

    [Fact]
    public void Search_FolderOfSentenceTransformers_WorksOnceItIsConverted()
    {
        using TemporaryFolder folder = new();
        string model = folder.Path("st.safetensors");
        folder.Write("a.txt", "明天下雨了\n学习中文：今天天气很好\n");
        (int code, string output, string error) = ChildProcess.Shell(
            $"{ChildProcess.Command("gau-convert")} '{Fixtures.Path("st-tiny")}' -o '{model}' > /dev/null 2>&1 "
            + $"&& {Search} {folder.Root} {model} <<< $'今天天气很好'");
        code.Should().Be(0, error);
        output.Should().StartWith("今天天气很好\n  1.000  a.txt:2  学习中文：今天天气很好\n", "its prompt for queries is 学习中文：");
    }

    [Fact]
    public void Search_FolderOrModelIsMissing_SaysSoInALine()
    {
        (int code, string output, string error) = ChildProcess.Shell($"{Search} /no/such/folder");
        (code, output).Should().Be((66, ""));
        error.Should().StartWith("error: ").And.Contain("/no/such/folder");
        error.Trim().Should().NotContain("\n");
        ChildProcess.Shell($"{Search} samples /no/model").Error.Should().StartWith("error: ");
        ChildProcess.Shell(Search).Code.Should().Be(2);
    }

    [Fact]
    public void Search_Source_HasUnderSixtyLines() =>
        File.ReadAllLines(Repository.At("samples", "Search", "Program.cs")).Should().HaveCountLessThan(60);
}
