using System.Buffers;
using System.Text;
using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Evaluation.Tests.Comparison;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Rows;

/// <summary>Rows that a model's answers were written to, read back.</summary>
public sealed class ResultReaderTests : IDisposable
{
    // Of the basic plane, where a code point is a unit of UTF-16; the last is cut.
    private const string Records =
        """
        {"text":"今[MASK]天","pair":"天气很好","choices":["天","气好"]}
        {"text":"今天[MASK]","pair":"b","choices":["a","b","c"]}
        {"text":"[MASK]天天天天天天天天天","pair":"今天天气","choices":["a","b"]}

        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("sequence")]
    [InlineData("labels")]
    [InlineData("regression")]
    [InlineData("entities")]
    [InlineData("choice")]
    [InlineData("embed")]
    public void Read_RowsOfAHead_HaveTheAnswersThatMadeThem(string head)
    {
        using GauModel model = Model(head);
        RecordTask task = Task(head, model);
        string rows = Encoding.UTF8.GetString(Rows(task, RecordFormat.JsonLines));
        using RecordSource source = Source(task);
        using ResultReader reader = Open(rows);
        using ResultRows encoder = ResultRows.Create(RecordFormat.JsonLines, [], new RecordFields());
        ArrayBufferWriter<byte> again = new();
        while (source.Next() is { } record)
        {
            ResultRow row = reader.Read()!;
            Answer answer = (Answer?)row.Probabilities ?? (Answer?)row.Value ?? (Answer?)row.Entities ?? row.Embedding!;
            answer.Text = new TextInfo((int)row.Tokens!.Value, row.Truncated!.Value, IsEmpty: false);
            byte[] values = task.Values(answer, record, encoder).ToArray();
            encoder.Row(record.Id, values, null, again);
        }
        reader.Read().Should().BeNull();
        Encoding.UTF8.GetString(again.WrittenSpan).Should().Be(rows).And.Contain("\"truncated\":true");
        rows.Split('\n').Should().HaveCount(4);
    }

    [Theory]
    [InlineData("sequence")]
    [InlineData("labels")]
    [InlineData("regression")]
    [InlineData("entities")]
    [InlineData("choice")]
    [InlineData("answer")]
    [InlineData("embed")]
    [InlineData("fill")]
    public void Read_RowsOfAHeadInAnyFormat_AreTheSame(string head)
    {
        using GauModel model = Model(head);
        RecordTask task = Task(head, model);
        byte[] rows = Rows(task, RecordFormat.JsonLines);
        using MemoryStream input = new(rows), table = new();
        TableResults.Write(input, table, ResultColumn.OfRows(task.Columns, Fields(task)), CancellationToken.None);
        (byte[], RecordFormat)[] tables =
        [
            (Rows(task, RecordFormat.Csv), RecordFormat.Csv), (Rows(task, RecordFormat.Tsv), RecordFormat.Tsv),
            (table.ToArray(), RecordFormat.Parquet),
        ];
        foreach ((byte[] content, RecordFormat format) in tables)
        {
            ComparisonReport report = ResultComparison.Run(
                Compared.File("a", rows, RecordFormat.JsonLines), Compared.File("b", content, format),
                cancel: TestContext.Current.CancellationToken);
            (report.Compared, report.Identical).Should().Be((3, format == RecordFormat.Parquet));
            report.Agreement("truncated").Compared.Should().Be(3);
            report.Drifts.Sum(drift => drift.Count).Should().BePositive();
            ToleranceCheck.Beyond(report, 0).Should().BeEmpty();
        }
    }

    [Fact]
    public void Read_AnyRow_TellsTheKindOfItsProbabilities()
    {
        using ResultReader reader = Open(
            """
            {"id":"a","probabilities":{"x":0.25,"y":0.75},"value":2.5}
            {"id":5,"probabilities":[0.5,0.25,0.25],"embedding":[]}
            """);
        ResultRow first = reader.Read()!, second = reader.Read()!;
        LabelAnswer labels = first.Probabilities.Should().BeOfType<LabelAnswer>().Subject;
        labels.Labels.Should().Equal("x", "y");
        (labels.Best, labels.Values[1], first.Value!.Values[0], first.Id).Should().Be((1, 0.75f, 2.5f, "a"));
        ChoiceAnswer choices = second.Probabilities.Should().BeOfType<ChoiceAnswer>().Subject;
        (choices.Best, choices.Values.Length, second.Id).Should().Be((0, 3, "5"));
        second.Embedding!.Values.Length.Should().Be(0);
        ResultField.All.Where(field => field.IsIn(second)).Select(field => field.Name)
            .Should().Equal("probabilities", "embedding");
    }

    [Theory]
    [InlineData("2147483648", "field 'entities': a number beyond those of 32 bits")]
    [InlineData("9223372036854775808", "field 'entities': expected a whole number of at least 0")]
    [InlineData("-1", "field 'entities': expected a whole number of at least 0")]
    [InlineData("1.5", "field 'entities': expected a whole number of at least 0")]
    [InlineData("\"1\"", "field 'entities': expected a number, found a string")]
    public void Read_PlaceThatNoTextHas_IsRefused(string place, string reason)
    {
        string Row(string end) => $$"""{"id":1,"entities":[{"label":"x","score":1,"start":0,"end":{{end}}}]}""";
        using ResultReader sound = Open(Row("2147483647")), reader = Open(Row(place));
        sound.Read()!.Entities!.Entities.Should().Equal(new TextEntity("x", 1, false, 0, int.MaxValue));
        FluentActions.Invoking(() => reader.Read()).Should().Throw<GauFormatException>()
            .Where(e => e.File == "a" && e.Place == "line 1" && e.Reason == reason);
    }

    [Theory]
    [InlineData("id,p_y,probabilities", "1,0.5,\"{\"\"x\"\":1}\"")]
    [InlineData("id,probabilities,p_y", "1,\"[1,0]\",0.5")]
    public void Read_ProbabilitiesInTwoWays_AreRefused(string header, string row)
    {
        using ResultReader reader = Open($"{header}\n{row}\n", RecordFormat.Csv);
        FluentActions.Invoking(() => reader.Read()).Should().Throw<GauFormatException>().Which.Reason
            .Should().Be("field 'probabilities' stands there twice: in columns of its labels too");
    }

    private GauModel Model(string head)
    {
        string path = folder.Path("model.safetensors");
        TinyModel.Write(path, head switch
        {
            "labels" => TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel },
            "regression" => TinyModel.Sequence with { ProblemType = ProblemType.Regression, Labels = ["value"] },
            "entities" => TinyModel.Sequence with { Kind = HeadKind.TokenClassification, Labels = ["B-x", "I-x", "S-y"] },
            "choice" => TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] },
            "answer" => TinyModel.Sequence with { Kind = HeadKind.QuestionAnswering, Labels = [] },
            _ => TinyModel.Sequence,
        });
        return GauModel.Load(path);
    }

    private static RecordTask Task(string head, GauModel model) => head switch
    {
        "embed" => new EmbedTask(model, Pooling.Mean),
        "fill" => new FillTask(model, 3),
        _ => RecordTask.Score(model),
    };

    private static RecordFields Fields(RecordTask task) => task.DefaultFields with { Text = "text", Pair = "pair" };

    private static RecordSource Source(RecordTask task)
    {
        byte[] records = Encoding.UTF8.GetBytes(Records);
        return new RecordSource(
            [new InputFile("records", RecordFormat.JsonLines, records.Length, () => new MemoryStream(records))],
            Fields(task));
    }

    private static byte[] Rows(RecordTask task, RecordFormat format)
    {
        using RecordSource source = Source(task);
        using MemoryStream output = new();
        new ScoringRun(task, source, new ScoringOptions { Threads = 1, MaxLength = 10 }, format)
            .Write(output, null, CancellationToken.None);
        return output.ToArray();
    }

    private static ResultReader Open(string rows, RecordFormat format = RecordFormat.JsonLines) =>
        ResultReader.Open(Compared.File("a", rows).Input, format, 1 << 20);
}
