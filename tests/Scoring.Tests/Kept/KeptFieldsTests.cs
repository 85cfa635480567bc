using System.Buffers;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Scoring.Tests.Rerank;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests.Kept;

public sealed class KeptFieldsTests
{
    [Theory]
    [InlineData("null", "FieldNull", "null")]
    [InlineData("true", "FieldFlag", "true")]
    [InlineData("\"\\u4eca\"", "FieldText", "\"今\"")]
    [InlineData("\"\\ud800\"", "FieldJson", "\"\\ud800\"")]              // half of a surrogate pair
    [InlineData("3", "FieldWhole", "3")]
    [InlineData("3.0", "FieldWhole", "3")]
    [InlineData("3e2", "FieldWhole", "300")]
    [InlineData("-9007199254740992", "FieldWhole", "-9007199254740992")]   // −2⁵³
    [InlineData("9007199254740993", "FieldLong", "9007199254740993")]
    [InlineData("9223372036854775807", "FieldLong", "9223372036854775807")]
    [InlineData("9223372036854775808", "FieldJson", "9223372036854775808")]
    [InlineData("0.1", "FieldNumber", "0.1")]
    [InlineData("0.10", "FieldNumber", "0.1")]
    [InlineData("-0", "FieldNumber", "-0")]
    [InlineData("-0.0", "FieldNumber", "-0")]
    [InlineData("1e300", "FieldNumber", "1E+300")]
    [InlineData("0.30000000000000004", "FieldNumber", "0.30000000000000004")]
    [InlineData("0.300000000000000041", "FieldJson", "0.300000000000000041")]
    [InlineData("1e400", "FieldJson", "1e400")]
    [InlineData("1e-400", "FieldJson", "1e-400")]
    [InlineData("[1, 2]", "FieldJson", "[1, 2]")]
    [InlineData("{\"a\":1.0}", "FieldJson", "{\"a\":1.0}")]
    public void TypeOf_Value_IsWhatHoldsIt(string json, string type, string spelled)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        Utf8JsonReader reader = new(bytes);
        reader.Read();
        KeptFields.TypeOf(ref reader).Should().Be(Enum.Parse<ResultType>(type));
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter writer = new(output, JsonRows.Options))
            KeptFields.Write(ref reader, bytes, writer);
        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be(spelled);
    }

    /// <summary>Rejected records carry nothing; what the good ones behind them carry must not be lost.</summary>
    [Theory]
    [InlineData("text,topic\n", "a,b,c\n", "a,b\n")]
    [InlineData("text,topic\n", "", "a,b\n")]
    public void Header_OfATableWhoseFirstRecordsAreBad_HasRoomForTheOthers(string header, string bad, string good)
    {
        string content = header + string.Concat(Enumerable.Repeat(bad, 1200)) + good;
        InputFile input = new(
            "in.csv", RecordFormat.Csv, content.Length, () => new MemoryStream(Encoding.UTF8.GetBytes(content)));
        using RecordSource source = new([input], new RecordFields { KeepOthers = true });
        KeptHeader kept = KeptHeader.Of(source, RecordFormat.Csv);
        if (bad.Length > 0)
            kept.HasMore.Should().BeTrue();
        else
            (kept.HasMore, kept.Names.Single()).Should().Be((false, "topic"));
    }

    [Fact]
    public void ColumnOf_NamesThatRowsOfATaskHave_StandBehindFields()
    {
        HashSet<Type> seen = [];
        WindowOptions windows = new() { Tokens = 10 };
        LabelDecision decision = new() { Top = 2, AbstainBelow = 0.5f };
        foreach (ProblemType problem in Enum.GetValues<ProblemType>())
            Check(
                TinyModel.Sequence with { ProblemType = problem, Labels = problem == ProblemType.Regression ? ["a"] : ["a", "b"] },
                model => problem == ProblemType.Regression
                    ? RecordTask.Score(model, windows)
                    : RecordTask.Score(model, decision, windows));
        foreach (HeadKind kind in (HeadKind[])[
            HeadKind.TokenClassification, HeadKind.MultipleChoice, HeadKind.QuestionAnswering])
            Check(TinyModel.HeadOf(Architecture.GauAlpha, kind), RecordTask.Score);
        foreach (VectorPrecision precision in Enum.GetValues<VectorPrecision>())
            Check(TinyModel.Sequence, model => new EmbedTask(model, new EmbedderOptions(), precision));
        Check(TinyModel.Sequence, model => new FillTask(model, 3));
        using (RerankFixture ranking = new())
        {
            Candidates candidates = ranking.Read(RerankFixture.Records("t", 2));
            CheckTask(ranking.Task(candidates));
            CheckTask(ranking.Task(candidates, RecordFormat.Parquet));
        }
        using (TemporaryFolder folder = new())
        using (GauModel model = LoadedModel.Of(folder, TinyModel.Sequence))
        using (VectorTable table = new("vectors", EmbeddingVectors.Of(new float[] { 1 }, 1)))
        using (EmbeddingIndex index = new(table.Vectors))
        {
            VectorHead head = (VectorHead)new EmbedTask(model, Pooling.Mean).Head;
            CheckTask(new SearchTask(head, table, index, top: 1, rowPerPair: false));
            CheckTask(new SearchTask(head, table, index, top: 1, rowPerPair: true));
        }
        typeof(RecordTask).Assembly.GetTypes().Where(type => type.BaseType == typeof(RecordTask))
            .Should().BeEquivalentTo(seen);

        void Check(HeadConfig head, Func<GauModel, RecordTask> make)
        {
            using TemporaryFolder folder = new();
            using GauModel model = LoadedModel.Of(folder, head);
            CheckTask(make(model));
        }

        void CheckTask(RecordTask task)
        {
            RecordFields fields = new()
            {
                Pair = "b", Choices = "c", KeepTexts = true, KeepOthers = true, ReplaceInvalid = true,
            };
            seen.Add(task.GetType());
            string[] names = [.. ResultColumn.OfRows(task.AnswerColumns, fields)
                .Where(column => column.Type != ResultType.Probability).Select(column => column.Name)];
            names.Select(KeptFields.ColumnOf).Should().Equal(names.Select(name => "fields." + name));
        }
    }

    [Fact]
    public void Join_AnyOrder_IsTheSame()
    {
        ResultType[] types = [.. Enum.GetValues<ResultType>().Where(KeptFields.IsIn)];
        types.Should().HaveCount(7);
        foreach (ResultType a in types)
        {
            KeptFields.Join(a, a).Should().Be(a);
            KeptFields.Join(a, ResultType.FieldNull).Should().Be(a);
            foreach (ResultType b in types)
            {
                KeptFields.Join(a, b).Should().Be(KeptFields.Join(b, a));
                foreach (ResultType c in types)
                    KeptFields.Join(KeptFields.Join(a, b), c).Should().Be(KeptFields.Join(a, KeptFields.Join(b, c)));
            }
        }
        KeptFields.Join(ResultType.FieldWhole, ResultType.FieldNumber).Should().Be(ResultType.FieldNumber);
        KeptFields.Join(ResultType.FieldLong, ResultType.FieldNumber).Should().Be(ResultType.FieldJson);
    }

    [Theory]
    [InlineData("gold", "gold")]
    [InlineData("label", "fields.label")]
    [InlineData("p_x", "fields.p_x")]
    [InlineData("fields", "fields.fields")]
    [InlineData("fields.label", "fields.fields.label")]
    public void ColumnOf_Field_IsItsAlone(string field, string column)
    {
        KeptFields.ColumnOf(field).Should().Be(column);
        KeptFields.FieldOf(column).Should().Be(field);
    }
}
