using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Fields and texts of records that are carried to results.</summary>
public sealed class KeptFieldTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public KeptFieldTests()
    {
        TinyModel.Write(folder.Path("model"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model") };
        folder.Write(
            "in.jsonl",
            "{\"id\":1,\"text\":\"今天\",\"gold\":\"a,b\",\"n\":1.0,\"label\":\"x\"}\n{\"id\":2}\n"
            + "{\"id\":3,\"text\":\"天气\",\"m\":{\"k\":[1]},\"gold\":null}\n");
        folder.Write("in.csv", "id,text,gold,gold\n7,今天,a,b\n8,天气,,\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Csv_OfJsonLines_HasAColumnForEachField()
    {
        string[] rows = Run("", "score", "{in.jsonl}", "--keep-fields", "--output-format", "csv").Lines;
        rows[0].Should().Be("id,label,score,p_a,p_b,p_c,tokens,truncated,empty,gold,n,fields.label,m,fields,error");
        rows[1].Should().EndWith(",4,false,false,\"a,b\",1.0,x,,,");
        rows[2].Should().Be("2,,,,,,,,,,,,,,no field 'text'");
        rows[3].Should().EndWith(",4,false,false,,,,\"{\"\"k\"\":[1]}\",,");
    }

    [Fact]
    public void Csv_FieldThatComesLate_StandsInFields()
    {
        folder.Write("late.jsonl", string.Concat(Enumerable.Range(0, 1001).Select(
            i => $"{{\"id\":{i},\"text\":\"今\",\"{(i < 1000 ? "k" : "late")}\":{i}}}\n")));
        string[] rows = Run("", "score", "{late.jsonl}", "--keep-fields", "--output-format", "csv").Lines;
        rows[0].Should().EndWith(",empty,k,fields,error");
        rows[1000].Should().EndWith(",999,,");
        rows[1001].Should().EndWith(",,\"{\"\"late\"\":1000}\",");
    }

    [Fact]
    public void Tsv_OfCsv_HasNoColumnForOthers()
    {
        string[] rows = Run("", "score", "{in.csv}", "--keep-fields", "--output-format", "tsv").Lines;
        rows[0].Should().EndWith("\tempty\tgold\tgold (4)\terror");
        rows[1].Should().EndWith("\tfalse\ta\tb\t");
    }

    [Fact]
    public void Csv_OutOfAPipe_KeepsFieldsTogether()
    {
        string[] rows = Run(
            File.ReadAllText(folder.Path("in.jsonl")), "score", "-", "--keep-fields", "--output-format", "csv").Lines;
        rows[0].Should().EndWith(",empty,fields,error");
        rows[1].Should().Contain("\"\"n\"\":1.0");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public void Merge_Shards_HasTheBytesOfOneRun(string format)
    {
        string[] options = ["--keep-fields", "--include-text", "--output-format", format];
        Run("", ["score", "{in.jsonl}", "-o", "{whole}", .. options]).Code.Should().Be(0);
        for (int i = 0; i < 3; i++)
            Run("", ["score", "{in.jsonl}", "-o", "{parts}", "--shard", $"{i}/3", .. options]).Code.Should().Be(0);
        Run("", "merge", "{parts}", "-o", "{merged}").Code.Should().Be(0);
        File.ReadAllBytes(folder.Path("merged")).Should().Equal(File.ReadAllBytes(folder.Path("whole")));
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public void Merge_MoreFieldsThanColumns_HasTheBytesOfOneRun(string format)
    {
        // A column of texts in the first part; in the second a number, among the fields that have no column there.
        folder.Write("many.jsonl", "{\"id\":1,\"text\":\"今\",\"x\":\"a\"}\n{\"id\":2,\"text\":\"今\","
            + string.Concat(Enumerable.Range(0, 1000).Select(i => $"\"k{i}\":true,")) + "\"x\":1}\n");
        string[] options = ["--keep-fields", "--output-format", format];
        Run("", ["score", "{many.jsonl}", "-o", "{whole}", .. options]).Code.Should().Be(0);
        for (int i = 0; i < 2; i++)
            Run("", ["score", "{many.jsonl}", "-o", "{parts}", "--shard", $"{i}/2", .. options]).Code.Should().Be(0);
        Run("", "merge", "{parts}", "-o", "{merged}").Error.Should().NotContain("error");
        File.ReadAllBytes(folder.Path("merged")).Should().Equal(File.ReadAllBytes(folder.Path("whole")));
    }

    [Fact]
    public void IncludeText_JsonLines_PutsTextsBehindTheId()
    {
        GauRun run = Run("", "score", "{in.jsonl}", "--include-text");
        run.Lines[0].Should().StartWith("{\"id\":1,\"text\":\"今天\",\"label\":");
        run.Lines[1].Should().Be("{\"id\":2,\"error\":\"no field 'text'\"}");
        Run("", "embed", "{in.csv}", "--text", "gold", "--include-text").Code.Should().Be(65, "two columns have that name");
        folder.Write("pairs.jsonl", "{\"a\":\"今\",\"b\":\"天\\n\"}\n");
        Run("", "score", "{pairs.jsonl}", "--text", "a", "--pair", "b", "--include-text").Lines[0]
            .Should().StartWith("{\"id\":0,\"text\":\"今\",\"pair\":\"天\\n\",\"label\":");
    }

    [Fact]
    public void IncludeText_Csv_HasColumns()
    {
        string[] rows = Run("", "score", "{in.csv}", "--include-text", "--output-format", "csv").Lines;
        rows[0].Should().StartWith("id,text,label,score,");
        rows[1].Should().StartWith("7,今天,");
    }

    [Fact]
    public void IncludeText_Choices_ComeAsAList()
    {
        TinyModel.Write(folder.Path("model"), TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] });
        folder.Write("choices.jsonl", "{\"id\":1,\"text\":\"今\",\"choices\":[\"天\",\"气\"]}\n");
        Run("", "score", "{choices.jsonl}", "--include-text").Lines[0]
            .Should().StartWith("{\"id\":1,\"text\":\"今\",\"choices\":[\"天\",\"气\"],\"choice\":");
        Run("", "score", "{choices.jsonl}", "--include-text", "--output-format", "csv").Lines[1]
            .Should().StartWith("1,今,\"[\"\"天\"\",\"\"气\"\"]\",");
        Run("", "score", "{choices.jsonl}", "--include-text", "-o", "{out.parquet}").Code.Should().Be(0);
        GauRun compare = Run("", "compare", "{out.parquet}", "{out.parquet}");
        compare.Output.Should().Contain("identical");
    }

    private GauRun Run(string input, params string[] words) => GauRun.Of(folder.Named(words), input, environment);
}
