using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Words;

/// <summary>Runs that give nothing, and what is said of the records that were rejected.</summary>
public sealed class RejectSummaryTests : IDisposable
{
    private const string NoBody =
        "24 records have no field 'body'; the fields are 'id', 'text' (first: {in}, line 1)";

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public RejectSummaryTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write(
            "in.jsonl", string.Concat(Enumerable.Range(0, 24).Select(i => $"{{\"id\":{i},\"text\":\"今天\"}}\n")));
        folder.Write("mixed.jsonl", "{\"id\":1,\"text\":\"今天\"}\n{\"id\":2}\nx\n{\"id\":3,\n{\"id\":4,\"text\":7}\n");
        folder.Write("empty.jsonl", "");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("score {in.jsonl} --text body")]
    [InlineData("embed {in.jsonl} --text body")]
    [InlineData("fill {in.jsonl} --text body")]
    [InlineData("score {in.jsonl} --text body -o {out.jsonl}")]
    public void Run_NoRecordGivesAResult_Ends3AndSaysWhy(string line)
    {
        GauRun run = Run(line);
        run.Code.Should().Be(3);
        run.Error.Should().Contain($"note: {NoBody.Replace("{in}", folder.Path("in.jsonl"), StringComparison.Ordinal)}\n")
            .And.EndWith("error: all 24 records were rejected\n");
    }

    [Fact]
    public void Run_NoRecordGivesAResult_PublishesItsOutputsAllTheSame()
    {
        Run("score {in.jsonl} --text body -o {out.csv} --rejects {bad.jsonl}").Code.Should().Be(3);
        File.ReadLines(folder.Path("out.csv")).Should().HaveCount(25);
        File.ReadLines(folder.Path("bad.jsonl")).Should().HaveCount(24);
        folder.Files.Should().NotContain(name => name.Contains(".journal", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("score {empty.jsonl}")]
    [InlineData("score {in.jsonl} --text body --shard 0/1 -o {parts}")]
    [InlineData("score - --text body")]
    [InlineData("score {mixed.jsonl}")]
    public void Run_ThatMayGiveNothing_Ends0(string line) =>
        GauRun.Of(Split(line), "{\"id\":1,\"text\":\"今天\"}\n", environment).Code.Should().Be(0);

    [Fact]
    public void Merge_OfPartsWithoutAResult_Ends0()
    {
        Run("score {in.jsonl} --text body --shard 0/1 -o {parts}");
        Run("merge {parts} -o {out.jsonl}").Code.Should().Be(0);
    }

    [Fact]
    public void Summary_SeveralReasons_NamesTheMostFrequentFirst()
    {
        string[] notes = [.. Run("score {mixed.jsonl}").Error.Split('\n').Where(line => line.StartsWith("note: "))];
        string file = folder.Path("mixed.jsonl");
        notes.Should().Equal(
            $"note: 2 records: not JSON at byte 0 of the record, and the like (first: {file}, line 3)",
            $"note: 1 record has no field 'text'; the fields are 'id' (first: {file}, line 2)",
            $"note: 1 record: field 'text': expected a string, found a number (first: {file}, line 5)");
    }

    [Fact]
    public void Summary_Json_HasTheReasons()
    {
        GauRun run = Run("score {in.jsonl} --text body --json");
        JsonElement summary = JsonDocument.Parse(run.Error.Split('\n')[0]).RootElement.GetProperty("summary");
        JsonElement reason = summary.GetProperty("reasons").EnumerateArray().Single();
        reason.GetProperty("records").GetInt64().Should().Be(24);
        reason.GetProperty("reason").GetString().Should().Be("no field 'body'");
        reason.GetProperty("file").GetString().Should().Be(folder.Path("in.jsonl"));
        reason.GetProperty("line").GetInt64().Should().Be(1);
        reason.GetProperty("fields").EnumerateArray().Select(field => field.GetString()).Should().Equal("id", "text");
        JsonDocument.Parse(run.Error.Split('\n')[1]).RootElement.GetProperty("code").GetInt32().Should().Be(3);
    }

    [Fact]
    public void MaxRejects_Exceeded_SaysWhy()
    {
        GauRun run = Run("score {in.jsonl} --text body --max-rejects 3");
        run.Code.Should().Be(3);
        run.Error.Should().Contain("note: 4 records have no field 'body'; the fields are 'id', 'text'")
            .And.EndWith("error: 4 records rejected; 3 are allowed\n");
    }

    [Fact]
    public void Eval_MisspeltLabel_SaysWhichFieldsThereAre()
    {
        folder.Write("labelled.jsonl", "{\"id\":1,\"text\":\"今天\",\"label\":\"a\"}\n{\"id\":2,\"text\":\"天\",\"label\":\"b\"}\n");
        GauRun run = Run("eval {labelled.jsonl} --labels lable");
        run.Code.Should().Be(3);
        run.Output.Should().Contain("rejected", "the report is printed all the same");
        run.Error.Should().Contain(
            "note: 2 records have no field 'lable' with a label; the fields are 'id', 'text', 'label' (first: ");
    }

    private GauRun Run(string line) => GauRun.Of(Split(line), "", environment);

    private string[] Split(string line) => folder.Named(line.Split(' '));
}
