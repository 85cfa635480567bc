using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tests.Jobs;
using GauRuntime.Scoring.Tests.Parquet;
using Xunit;

namespace GauRuntime.Scoring.Tests.Kept;

/// <summary>Fields that are carried along as columns of Parquet.</summary>
public sealed class KeptTableTests
{
    private static readonly ResultColumn[] Columns =
    [
        new("id", ResultType.Id), new("value", ResultType.Number), new("fields", ResultType.Json),
        new("error", ResultType.Error),
    ];

    private const string Rows =
        """
        {"id":0,"value":1,"fields":{"name":"甲","n":1,"x":0.5,"big":9007199254740993,"ok":true,"mixed":1.0,"label":"a","none":null}}
        {"id":1,"error":"bad"}
        {"id":2,"value":3,"fields":{"x":2,"mixed":"1","label":"b","late":[1,{"k":null}]}}
        {"id":3,"value":3}

        """;

    [Fact]
    public async Task Write_Fields_AreColumnsOfTheirTypes()
    {
        OracleFile file = new(Write(Rows));
        (await file.Names()).Should().Equal(
            "id", "value", "name", "n", "x", "big", "ok", "mixed", "fields.label", "none", "late", "error");
        (await file.Texts("name")).Should().Equal("甲", null, null, null);
        (await file.Values<long>("n")).Should().Equal(1, null, null, null);
        (await file.Values<double>("x")).Should().Equal(0.5, null, 2, null);
        (await file.Values<long>("big")).Should().Equal(9007199254740993, null, null, null);
        (await file.Values<bool>("ok")).Should().Equal(true, null, null, null);
        (await file.Json("mixed")).Should().Equal("1", null, "\"1\"", null);
        (await file.Texts("fields.label")).Should().Equal("a", null, "b", null);
        (await file.Texts("none")).Should().Equal(null, null, null, null);
        (await file.Json("late")).Should().Equal(null, null, "[1,{\"k\":null}]", null);
    }

    [Fact]
    public void Read_Fields_ComeBackAndMakeTheSameBytes()
    {
        byte[] parquet = Write(Rows);
        string rows = TableRows.Of(parquet);
        rows.Should().Be(
            """
            {"id":0,"value":1,"fields":{"name":"甲","n":1,"x":0.5,"big":9007199254740993,"ok":true,"mixed":1,"label":"a"}}
            {"id":1,"error":"bad"}
            {"id":2,"value":3,"fields":{"x":2,"mixed":"1","label":"b","late":[1,{"k":null}]}}
            {"id":3,"value":3}

            """);
        TableRows.Of(Write(rows)).Should().Be(rows);
    }

    [Fact]
    public async Task Write_MoreNamesThanColumns_KeepsTheOthersTogether()
    {
        string many = string.Join(',', Enumerable.Range(0, 999).Select(i => $"\"f{i}\":{i}"));
        string rows = $"{{\"id\":0,\"value\":1,\"fields\":{{{many}}}}}\n"
            + "{\"id\":1,\"value\":1,\"fields\":{\"z\":1.0,\"f998\":7,\"y\":\"\\u4eca\",\"x\":null}}\n";
        byte[] parquet = Write(rows);
        OracleFile file = new(parquet);
        (await file.Json("fields")).Should().Equal(null, "{\"x\":null,\"y\":\"今\"}");
        (await file.Values<long>("z")).Should().Equal(null, 1);
        (await file.Values<long>("f998")).Should().Equal(998, 7);
        TableRows.Of(parquet).Split('\n')[1].Should().Be(
            "{\"id\":1,\"value\":1,\"fields\":{\"f998\":7,\"z\":1,\"x\":null,\"y\":\"今\"}}");
    }

    [Theory]
    [InlineData("\"a\":1", "\"a\":0.5", "\"a\":2")]
    [InlineData("\"a\":1", "\"b\":\"x\"", "\"a\":\"y\",\"c\":[]")]
    [InlineData("\"a\":null", "\"a\":3.0", "\"a\":9007199254740993,\"b\":-0")]
    [InlineData("\"b\":1.50", "\"b\":true,\"a\":1", "\"a\":0.5,\"b\":\"\\u4eca\"")]
    public void Merge_PartsOfOtherTypes_MakesTheTableOfOneRun(params string[] fields)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("in.jsonl", string.Concat(
            fields.Select((f, i) => $"{{\"id\":{i},\"text\":\"今天天气\",{f}}}\n")));
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        JobOutput whole = new() { Path = folder.Path("whole.parquet"), Format = RecordFormat.Parquet };
        Run(model, input, whole);
        for (int i = 0; i < 3; i++)
            Run(model, input, whole with { Path = folder.Path("parts"), Shard = new Shard(i, 3) });
        using MemoryStream merged = new();
        PartMerge.Open(folder.Path("parts"), null).Write(merged, null, Compression.None, CancellationToken.None);
        merged.ToArray().Should().Equal(File.ReadAllBytes(whole.Path));
    }

    private static void Run(GauModel model, string input, JobOutput output)
    {
        using ScoringJob job = ScoringJob.Open(output, FailingStorage.Never);
        using RecordSource source = new(
            [InputFile.Find(input, null)], new RecordFields { KeepOthers = true, KeepTexts = true }, shard: output.Shard);
        job.Run(
            new Pipeline.ScoringRun(
                Tasks.RecordTask.Score(model), source, new ScoringOptions { Threads = 1 }, output.Format),
            CancellationToken.None);
    }

    private static byte[] Write(string rows)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(rows.ReplaceLineEndings("\n"))), output = new();
        TableResults.Write(input, output, Columns, CancellationToken.None);
        return output.ToArray();
    }
}
