using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using FluentAssertions;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests.Parquet;

public sealed partial class ParquetResultsTests : IDisposable
{
    private const string Records =
        """
        {"id":"甲\"\n","text":"今[MASK]天","pair":"天气","choices":["天","气好"],"gold":{"k":[1,{"z":null}]}}
        {"text":5}
        {"id":7,"text":"","pair":"","choices":["a"],"gold":1}
        {"id":"7","text":"今天[MASK]","pair":"b","choices":["a","b","c"]}
        {"id":12.50e1,"text":"[MASK]","pair":"  ","choices":["a","b"],"gold":"x"}
        {"id":null,"text":"[MASK]天天天天天天天天天","pair":"今天天气","choices":["a","b"],"n":1}
        not json
        {"id":true,"text":"no mask","pair":"c","choices":[]}
        """;

    private static readonly ResultColumn[] Value =
        [new("id", ResultType.Id), new("value", ResultType.Number), new("error", ResultType.Error)];

    private static readonly ResultColumn[] Embedding =
        [new("id", ResultType.Id), new("embedding", ResultType.Numbers), new("error", ResultType.Error)];

    private static readonly Gen<float[]> Numbers = Gen.Single.Where(float.IsFinite).Array[1, 20];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Tasks =>
        ["sequence", "labels", "regression", "entities", "choice", "answer", "embed", "fill"];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Results_OfAnyTask_ComeBackWithTheSameBytes(string name)
    {
        using GauModel model = Model(name);
        RecordTask task = Task(name, model);
        RecordFields fields = task.DefaultFields with { Text = "text", Pair = "pair", KeepOthers = true };
        string rows = Run(task, fields, Records);
        byte[] parquet = Write(rows, ResultColumn.OfRows(task.Columns, fields));
        rows.Should().Contain("{\"id\":null,\"record\":");
        TableRows.Of(parquet).Should().Be(RecordNumber().Replace(rows, ""), "the row tells the number");
        Write(rows, ResultColumn.OfRows(task.Columns, fields)).Should().Equal(parquet, "the same rows give the same bytes");
        byte[] arrow = Write(rows, ResultColumn.OfRows(task.Columns, fields), RecordFormat.Arrow);
        TableRows.Of(arrow).Should().Be(TableRows.Of(parquet));
        Write(rows, ResultColumn.OfRows(task.Columns, fields), RecordFormat.Arrow).Should().Equal(arrow);
        rows.Should().Contain("\"error\"").And.Contain("\"fields\":{");
    }

    [Fact]
    public async Task Ids_OfDatesAndUuids_KeepTheirType()
    {
        const string day = "2026-11-29", uuid = "00112233-4455-6677-8899-aabbccddeeff";
        ResultColumn[] dates = [new("id", ResultType.DateId), .. Value[1..]], uuids = [new("id", ResultType.UuidId), .. Value[1..]];
        string dateRows = $"{{\"id\":\"{day}\",\"value\":1}}\n{{\"id\":null,\"value\":2}}\n{{\"id\":\"0001-01-01\",\"value\":3}}\n";
        string uuidRows = $"{{\"id\":\"{uuid}\",\"value\":1}}\n{{\"id\":null,\"error\":\"x\"}}\n";
        byte[] first = Write(dateRows, dates), second = Write(uuidRows, uuids);
        TableRows.Of(first).Should().Be(dateRows);
        TableRows.Of(second).Should().Be(uuidRows);
        (await new OracleFile(first).Values<DateTime>("id"))[0].Should().Be(new DateTime(2026, 11, 29));
        (await new OracleFile(second).Values<Guid>("id")).Should().Equal(Guid.Parse(uuid), null);
        ResultColumn.OfId(Annotation.Date).Should().Be(dates[0]);
    }

    [Theory]
    [InlineData("1|null|-9223372036854775808|9223372036854775807", true)]
    [InlineData("", true)]
    [InlineData("1|9223372036854775808", false)]
    [InlineData("1|\"2\"", false)]
    [InlineData("1|2.0", false)]
    [InlineData("1|1e3", false)]
    [InlineData("-0", false)]
    [InlineData("1|true", false)]
    public async Task Ids_WhereAllAreWholeNumbers_KeepTheirType(string ids, bool areWhole)
    {
        string rows = string.Concat(
            ids.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(id => $"{{\"id\":{id},\"value\":1}}\n"));
        byte[] parquet = Write(rows, Value);
        TableRows.Of(parquet).Should().Be(rows);
        TableRows.Of(Write(rows, Value, RecordFormat.Arrow)).Should().Be(rows);
        (await new OracleFile(parquet).IsOf<long>("id")).Should().Be(areWhole);
    }

    [Fact]
    public async Task Results_ReadByAnotherLibrary_AreTypedColumns()
    {
        using GauModel model = Model("sequence");
        IReadOnlyList<ResultColumn> columns = ResultColumn.OfRows(RecordTask.Score(model).Columns, new RecordFields());
        const string Rows =
            """
            {"id":"甲","label":"a","score":0.5,"probabilities":{"a":0.5,"b":0.25,"c":1E-10},"tokens":3,"truncated":true,"empty":true}
            {"id":1,"error":"no field 'text'"}
            {"id":2,"label":"b","score":0.9,"probabilities":{"a":0.1,"b":0.9,"c":0},"tokens":4,"truncated":false}

            """;
        OracleFile file = new(Write(Rows.ReplaceLineEndings("\n"), columns));
        (await file.Names()).Should().Equal(
            "id", "label", "score", "p_a", "p_b", "p_c", "tokens", "truncated", "empty", "error");
        (await file.Texts("id")).Should().Equal("甲", "1", "2");
        (await file.Texts("label")).Should().Equal("a", null, "b");
        (await file.Values<float>("score")).Should().Equal(0.5f, null, 0.9f);
        (await file.Values<float>("p_c")).Should().Equal(1e-10f, null, 0f);
        (await file.Values<int>("tokens")).Should().Equal(3, null, 4);
        (await file.Values<bool>("truncated")).Should().Equal(true, null, false);
        (await file.Values<bool>("empty")).Should().Equal(true, null, false);
        (await file.Texts("error")).Should().Equal(null, "no field 'text'", null);
    }

    [Fact]
    public async Task Embeddings_ReadByAnotherLibrary_AreLists()
    {
        const string Rows =
            "{\"id\":0,\"embedding\":[1,-2.5]}\n{\"id\":1,\"error\":\"x\"}\n{\"id\":2,\"embedding\":[3,4]}\n";
        OracleFile file = new(Write(Rows, Embedding));
        (float[] values, int[] definitions, int[] repetitions) = await file.Lists<float>(1, 5);
        values[..4].Should().Equal(1, -2.5f, 3, 4);
        definitions.Should().Equal(2, 2, 0, 2, 2);
        repetitions.Should().Equal(0, 1, 0, 0, 1);
    }

    [Fact]
    public async Task Results_ManyRows_MakeGroupsAndComeBack()
    {
        ResultColumn[] columns =
        [
            .. Value[..2], new("truncated", ResultType.Flag), new("empty", ResultType.RareFlag), Value[2],
        ];
        Random random = new(1);
        StringBuilder rows = new();
        for (int i = 0; i < 20_000; i++)
        {
            string id = i % 5000 == 17 ? $"\"{i}\"" : $"{i}";
            string value = $"\"value\":{random.NextSingle():R},\"truncated\":{(i % 3 == 0 ? "true" : "false")}";
            string answer = i % 1000 == 3 ? "\"error\":\"bad\"" : value + (i % 7 == 0 ? ",\"empty\":true" : "");
            rows.Append($"{{\"id\":{id},{answer}}}\n");
        }
        byte[] parquet = Write(rows.ToString(), columns);
        TableRows.Of(parquet).Should().Be(rows.ToString());
        (await new OracleFile(parquet).GroupSizes()).Should().Equal(8192, 8192, 3616);
        TableRows.Of(Write(rows.ToString(), columns, RecordFormat.Arrow)).Should().Be(rows.ToString());
    }

    [Fact]
    public async Task Results_WideRows_MakeShorterGroups()
    {
        string vector = string.Join(',', Enumerable.Repeat("0.25", 100_000));
        string rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{{\"id\":{i},\"embedding\":[{vector}]}}\n"));
        byte[] parquet = Write(rows, Embedding);
        TableRows.Of(parquet).Should().Be(rows);
        (await new OracleFile(parquet).GroupSizes()).Should().Equal(42, 18);
    }

    [Fact]
    public void Numbers_OfAnySize_ComeBackInTheSameDigits() => Numbers.Sample(values =>
    {
        StringBuilder rows = new();
        foreach (float value in values)
            rows.Append($"{{\"id\":0,\"value\":{System.Text.Json.JsonSerializer.Serialize(value)}}}\n");
        TableRows.Of(Write(rows.ToString(), Value)).Should().Be(rows.ToString());
    });

    [Fact]
    public void Results_NoRows_AreAFileWithoutGroups()
    {
        byte[] parquet = Write("", [new("id", ResultType.Id), new("error", ResultType.Error)]);
        TableRows.Of(parquet).Should().BeEmpty();
    }

    [Theory]
    [InlineData("{\"id\":0,\"value\":1,\"other\":2}", "'other' is not expected there")]
    [InlineData("{\"value\":1}", "a row without id")]
    [InlineData("{\"id\":0,\"value\":\"1\"}", "no row of results")]
    [InlineData("{\"id\":0} 1", "no row of results")]
    [InlineData("[]", "no row of results")]
    [InlineData("{\"id\":0", "no row of results")]
    public void Write_NoResults_IsRefusedWithTheLine(string row, string reason)
    {
        Action write = () => Write($"{{\"id\":0,\"value\":1}}\n{row}\n", Value);
        GauFormatException fault = write.Should().Throw<GauFormatException>().Which;
        fault.Place.Should().Be("line 2");
        fault.Reason.Should().Be(reason);
    }

    [Fact]
    public void Read_DamagedAnywhere_IsReadOrRefused()
    {
        byte[] parquet = Write(
            "{\"id\":0,\"label\":\"a\",\"probabilities\":{\"a\":1},\"embedding\":[1,2],\"fields\":{\"k\":1}}\n"
            + "{\"id\":\"1\",\"error\":\"x\"}\n",
            [
                new("id", ResultType.Id), new("label", ResultType.Text), new("p_a", ResultType.Probability),
                new("embedding", ResultType.Numbers), new("fields", ResultType.Json), new("error", ResultType.Error),
            ]);
        Gen.Select(Gen.Int[0, parquet.Length - 1], Gen.Byte, Gen.Int[0, parquet.Length]).Sample((at, value, length) =>
        {
            foreach (int end in (int[])[length, parquet.Length])
            {
                byte[] damaged = [.. parquet];
                damaged[at] = value;
                try
                {
                    TableRows.Of(damaged[..end]);
                }
                catch (GauFormatException)
                {
                    // Told like this, and nothing else may come out.
                }
            }
        }, iter: 2000);
    }

    [GeneratedRegex(@"(?<=\{""id"":null,)""record"":\d+,")]
    private static partial Regex RecordNumber();

    private GauModel Model(string name) => LoadedModel.Of(folder, name switch
    {
        "labels" => TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel },
        "regression" => TinyModel.Sequence with { ProblemType = ProblemType.Regression, Labels = ["value"] },
        "entities" => TinyModel.Sequence with { Kind = HeadKind.TokenClassification, Labels = ["O", "B-x", "I-x"] },
        "choice" => TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] },
        "answer" => TinyModel.Sequence with { Kind = HeadKind.QuestionAnswering, Labels = [] },
        _ => TinyModel.Sequence,
    });

    private static RecordTask Task(string name, GauModel model) => name switch
    {
        "embed" => new EmbedTask(model, Pooling.Mean),
        "fill" => new FillTask(model, 3),
        _ => RecordTask.Score(model),
    };

    private static string Run(RecordTask task, RecordFields fields, string records)
    {
        using RecordSource source = new([RecordReaderTests.Input(records, RecordFormat.JsonLines)], fields);
        ScoringRun run = new(task, source, new ScoringOptions { Threads = 1, MaxLength = 10 }, RecordFormat.JsonLines);
        using MemoryStream output = new();
        run.Write(output, null, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static byte[] Write(
        string rows, IReadOnlyList<ResultColumn> columns, RecordFormat format = RecordFormat.Parquet)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(rows)), output = new();
        TableResults.Write(input, output, columns, CancellationToken.None, format: format);
        return output.ToArray();
    }
}
