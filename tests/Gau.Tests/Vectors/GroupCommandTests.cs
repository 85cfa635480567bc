using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Vectors;

/// <summary><c>gau dedup</c> and <c>gau cluster</c>.</summary>
public sealed class GroupCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public GroupCommandTests()
    {
        TinyModel.Write(folder.Path("model"), TinyModel.NoHead);
        folder.Write("texts.jsonl", """
            {"id":"a","text":"今天天气很好"}
            {"id":"b","text":"我们去公园"}
            {"id":"c"}
            {"id":"d","text":"今天天气很好"}
            {"id":"e","text":"我们去公园"}
            {"id":"f","text":"今天天气很好"}

            """);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("texts.jsonl")]
    [InlineData("v.npy")]
    [InlineData("v.jsonl")]
    [InlineData("v.parquet")]
    public void Dedup_EqualTexts_AreOneGroup(string input)
    {
        if (input != "texts.jsonl")
            Embed(input);
        GauRun run = input == "texts.jsonl" ? Run("dedup", input, "--threshold", "0.99999") : GauRun.Of("dedup", folder.Path(input), "--threshold", "0.99999");
        run.Code.Should().Be(0, run.Error);
        string[] rows =
        [
            "{\"id\":\"a\",\"group\":0,\"first\":true,\"similarity\":1}",
            "{\"id\":\"b\",\"group\":1,\"first\":true,\"similarity\":1}",
            "{\"id\":\"c\",\"error\":\"no field 'text'\"}",
            "{\"id\":\"d\",\"group\":0,\"first\":false,\"similarity\":1}",
            "{\"id\":\"e\",\"group\":1,\"first\":false,\"similarity\":1}",
            "{\"id\":\"f\",\"group\":0,\"first\":false,\"similarity\":1}",
        ];
        run.Lines.Should().Equal(input == "v.npy" ? rows.Where(row => !row.Contains("error")) : rows);
        run.Error.Should().Contain("gau: 5 records").And.Contain("in 2 groups: 3 are near duplicates of another");
    }

    [Fact]
    public void Dedup_TextThatBeginsAsParquetDoes_IsText()
    {
        folder.Write("t.txt", "PAR1号线的票价是多少\n今天天气\n");
        GauRun run = Run("dedup", "t.txt");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("csv.gz")]
    [InlineData("parquet")]
    [InlineData("tsv")]
    public void Dedup_IntoAFile_HasTheSameRows(string extension)
    {
        GauRun lines = Run("dedup", "texts.jsonl", "--include-text");
        string path = folder.Path($"groups.{extension}");
        GauRun run = Run("dedup", "texts.jsonl", "--include-text", "-o", path);
        run.Code.Should().Be(0, run.Error);
        Run("dedup", "texts.jsonl", "--include-text", "-o", path).Code.Should().Be(73, "it is there already");
        Run("dedup", "texts.jsonl", "--include-text", "-o", path, "--force").Code.Should().Be(0);
        folder.Write("lines.jsonl", lines.Output);
        JsonDocument.Parse(lines.Lines[3]).RootElement.GetProperty("text").GetString().Should().Be("今天天气很好");
        folder.Files.Should().BeEquivalentTo(["model", "texts.jsonl", "lines.jsonl", $"groups.{extension}"]);
        if (extension == "csv")
            File.ReadAllLines(path)[..4].Should().Equal(
                "id,group,first,similarity,text,error", "a,0,true,1,今天天气很好,", "b,1,true,1,我们去公园,", "c,,,,,no field 'text'");
    }

    [Fact]
    public void Dedup_CompressionIntoAPipe_IsRefusedAsByScore()
    {
        GauRun run = Run("dedup", "texts.jsonl", "--output-compression", "gzip");
        run.Code.Should().Be(2);
        run.Error.Should().StartWith("error: --output-compression is for files");
    }

    [Fact]
    public void Dedup_ItsOwnRows_CanBeReadAgain()
    {
        Run("dedup", "texts.jsonl", "--include-text", "-o", folder.Path("groups.jsonl")).Code.Should().Be(0);
        folder.Write("unique.jsonl", string.Concat(
            File.ReadAllLines(folder.Path("groups.jsonl")).Where(line => line.Contains("\"first\":true")).Select(line => line + "\n")));
        GauRun run = Run("cluster", "unique.jsonl", "-k", "2", "--centres", folder.Path("centres.jsonl"));
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(2).And.AllSatisfy(line => line.Should().MatchRegex(
            "^\\{\"id\":\"[ab]\",\"cluster\":[01],\"similarity\":(1|0\\.9999\\d+),\"nearest\":1\\}$"));
        string[] centres = File.ReadAllLines(folder.Path("centres.jsonl"));
        centres.Should().HaveCount(2).And.AllSatisfy(line => line.Should().MatchRegex(
            "^\\{\"cluster\":[01],\"size\":1,\"nearest\":\\[\\{\"id\":\"[ab]\",\"similarity\":(1|0\\.9999\\d+),\"text\":\".*\"\\}\\]\\}$"));
    }

    [Fact]
    public void Cluster_AnyThreads_GivesTheSameBytes()
    {
        string[] words = ["今天", "公园", "学习", "下雨", "天气", "我们"];
        folder.Write("many.txt", string.Concat(Enumerable.Range(0, 120).Select(i => $"{words[i % 6]}{words[i / 6 % 6]}{words[i / 36]}\n")));
        GauRun one = Run("cluster", "many.txt", "-k", "7", "--seed", "3", "--threads", "1");
        one.Code.Should().Be(0, one.Error);
        Run("cluster", "many.txt", "-k", "7", "--seed", "3", "--threads", "2").Output.Should().Be(one.Output);
        one.Lines.Should().HaveCount(120);
        one.Error.Should().MatchRegex("gau: 120 records in 7 clusters after \\d+ rounds");
        GauRun.Of("embed", folder.Path("many.txt"), "--model", folder.Path("model"), "-o", folder.Path("m.npy")).Code.Should().Be(0);
        GauRun.Of("cluster", folder.Path("m.npy"), "-k", "7", "--seed", "3").Output.Should().Be(one.Output);
    }

    [Fact]
    public void Cluster_FewerDifferentTextsThanClusters_SaysThatSomeAreEmpty()
    {
        GauRun run = Run("cluster", "texts.jsonl", "-k", "4", "--json");
        run.Code.Should().Be(0, run.Error);
        JsonElement figures = JsonDocument.Parse(run.Error.Split('\n').Single(line => line.StartsWith("{\"groups\""))).RootElement.GetProperty("groups");
        (figures.GetProperty("clusters").GetInt32(), figures.GetProperty("empty").GetInt32(), figures.GetProperty("rejected").GetInt32())
            .Should().Be((4, 2, 1));
    }

    [Theory]
    [InlineData(2, "cluster needs -k N", "cluster", "{0}/texts.jsonl")]
    [InlineData(2, "-k 6: there are 5 vectors", "cluster", "{0}/texts.jsonl", "-k", "6")]
    [InlineData(2, "-k 6: there are 5 vectors", "cluster", "{0}/v.npy", "-k", "6")]
    [InlineData(2, "'0' is not a whole number", "cluster", "{0}/texts.jsonl", "-k", "0")]
    [InlineData(2, "--threshold: '1.5'", "dedup", "{0}/texts.jsonl", "--threshold", "1.5")]
    [InlineData(2, "--threshold: '0'", "dedup", "{0}/texts.jsonl", "--threshold", "0")]
    [InlineData(2, "--shard", "dedup", "{0}/texts.jsonl", "--shard", "0/2")]
    [InlineData(2, "--resume", "cluster", "{0}/texts.jsonl", "-k", "2", "--resume")]
    [InlineData(2, "--pooling: {0}/v.npy holds vectors already", "dedup", "{0}/v.npy", "--pooling", "cls")]
    [InlineData(2, "--max-length: {0}/v.npy holds vectors already", "cluster", "{0}/v.npy", "-k", "2", "--max-length", "9")]
    [InlineData(2, "vectors stand alone", "dedup", "{0}/v.npy", "{0}/texts.jsonl")]
    [InlineData(2, "--include-text: {0}/v.npy holds vectors without texts", "dedup", "{0}/v.npy", "--include-text")]
    [InlineData(2, "Parquet goes into a file", "dedup", "{0}/texts.jsonl", "--output-format", "parquet")]
    [InlineData(2, "npy holds the vectors", "dedup", "{0}/texts.jsonl", "-o", "{0}/x.npy")]
    [InlineData(2, "--bom", "dedup", "{0}/texts.jsonl", "--bom")]
    [InlineData(66, "no such file", "dedup", "{0}/nothing.jsonl")]
    public void Group_CommandLineThatCannotBeMeant_IsRefusedInALine(int code, string fault, params string[] args)
    {
        Embed("v.npy");
        string[] command = [.. args.Select(arg => arg.Replace("{0}", folder.Root))];
        string[] model = command.Contains(folder.Path("v.npy")) && !command.Contains(folder.Path("texts.jsonl")) ? [] : ["--model", folder.Path("model")];
        GauRun run = GauRun.Of([.. command, .. model]);
        run.Code.Should().Be(code, run.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().Contain(fault.Replace("{0}", folder.Root));
    }

    [Theory]
    [InlineData("dedup")]
    [InlineData("cluster")]
    public void Group_NotANumberInAMatrix_IsRefusedByItsRow(string command)
    {
        Embed("v.npy");
        byte[] npy = File.ReadAllBytes(folder.Path("v.npy"));
        BitConverter.TryWriteBytes(npy.AsSpan(npy.Length - 16 * 4), float.PositiveInfinity);
        folder.Write("v.npy", npy);
        GauRun run = GauRun.Of([command, folder.Path("v.npy"), "-o", folder.Path("out.csv"), .. command == "cluster" ? ["-k", "2"] : Array.Empty<string>()]);
        run.Code.Should().Be(65, run.Error);
        run.Error.Should().Contain("v.npy: vector 4: a number in it is not finite");
        folder.Files.Should().NotContain("out.csv");
    }

    private GauRun Run(string command, string input, params string[] options) =>
        GauRun.Of([command, folder.Path(input), "--model", folder.Path("model"), .. options]);

    private void Embed(string name) =>
        GauRun.Of("embed", folder.Path("texts.jsonl"), "--model", folder.Path("model"), "-o", folder.Path(name)).Code.Should().Be(0);
}
