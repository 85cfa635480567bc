using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Arrow;

public sealed class ArrowResultsTests
{
    private static readonly ResultColumn[] Value =
        [new("id", ResultType.Id), new("value", ResultType.Number), new("error", ResultType.Error)];

    [Fact]
    public void Results_ReadByApacheArrow_AreTypedColumns()
    {
        ResultColumn[] columns =
        [
            new("id", ResultType.Id), new("label", ResultType.Text), new("score", ResultType.Number),
            new("p_a", ResultType.Probability), new("tokens", ResultType.Whole), new("truncated", ResultType.Flag),
            new("empty", ResultType.RareFlag), new("fields", ResultType.Json), new("error", ResultType.Error),
        ];
        const string Rows =
            """
            {"id":"甲","label":"a","score":0.5,"probabilities":{"a":0.5},"tokens":3,"truncated":true,"empty":true,"fields":{"n":7,"x":0.5}}
            {"id":1,"error":"no field 'text'"}
            {"id":2,"label":"b","score":0.9,"probabilities":{"a":0.1},"tokens":4,"truncated":false,"fields":{"n":8}}

            """;
        byte[] arrow = Write(Rows, columns);
        using ArrowFileReader reader = new(new MemoryStream(arrow));
        using RecordBatch batch = reader.ReadNextRecordBatch();
        batch.Schema.FieldsList.Select(field => $"{field.Name}:{field.DataType.Name}").Should().Equal(
            "id:utf8", "label:utf8", "score:float", "p_a:float", "tokens:int32", "truncated:bool", "empty:bool",
            "n:int64", "x:double", "error:utf8");
        Texts(batch, "id").Should().Equal("甲", "1", "2");
        Texts(batch, "label").Should().Equal("a", null, "b");
        ((FloatArray)batch.Column("score")).Should().Equal(0.5f, null, 0.9f);
        ((FloatArray)batch.Column("p_a")).Should().Equal(0.5f, null, 0.1f);
        ((Int32Array)batch.Column("tokens")).Should().Equal(3, null, 4);
        ((BooleanArray)batch.Column("truncated")).Should().Equal(true, null, false);
        ((BooleanArray)batch.Column("empty")).Should().Equal(true, null, false);
        ((Int64Array)batch.Column("n")).Should().Equal(7, null, 8);
        ((DoubleArray)batch.Column("x")).Should().Equal(0.5, null, null);
        Texts(batch, "error").Should().Equal(null, "no field 'text'", null);
        reader.ReadNextRecordBatch().Should().BeNull();
        using ArrowStreamReader stream = new(new MemoryStream(arrow[8..]));
        using RecordBatch again = stream.ReadNextRecordBatch();
        again.Length.Should().Be(3, "what stands between the marks of a file is a stream");
        TableRows.Of(arrow).Should().Be(Rows.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(ResultType.Numbers, "[1,-2.5]|[3,4]")]
    [InlineData(ResultType.Halves, "[1,-2.5]|[3,4]")]
    public void Vectors_ReadByApacheArrow_AreLists(object type, string expected)
    {
        ResultColumn[] columns = [Value[0], new("embedding", (ResultType)type), Value[2]];
        const string Rows =
            "{\"id\":0,\"embedding\":[1,-2.5]}\n{\"id\":1,\"error\":\"x\"}\n{\"id\":2,\"embedding\":[3,4]}\n";
        byte[] arrow = Write(Rows, columns);
        using ArrowFileReader reader = new(new MemoryStream(arrow));
        using RecordBatch batch = reader.ReadNextRecordBatch();
        ListArray lists = (ListArray)batch.Column("embedding");
        lists.IsNull(1).Should().BeTrue();
        string.Join('|', Numbers(lists.GetSlicedValues(0)), Numbers(lists.GetSlicedValues(2))).Should().Be(expected);
        TableRows.Of(arrow).Should().Be(Rows);
    }

    [Fact]
    public void Vectors_OfSignedBytes_HaveAScale()
    {
        ResultColumn[] columns =
            [Value[0], new("scale", ResultType.Scale), new("embedding", ResultType.SignedBytes), Value[2]];
        byte[] arrow = Write("{\"id\":0,\"embedding\":[12.7,-6.3]}\n", columns);
        using ArrowFileReader reader = new(new MemoryStream(arrow));
        using RecordBatch batch = reader.ReadNextRecordBatch();
        ((Int8Array)((ListArray)batch.Column("embedding")).Values).Values.ToArray().Should().Equal(127, -63);
        ((FloatArray)batch.Column("scale")).Should().Equal(12.7f / 127);
        Write(TableRows.Of(arrow), columns).Should().Equal(arrow, "what has been reduced is stored as it was");
    }

    [Fact]
    public void Ids_OfWholeNumbersDatesAndUuids_KeepTheirType()
    {
        const string Uuid = "00112233-4455-6677-8899-aabbccddeeff";
        (ResultType Type, string Id, string Arrow)[] cases =
        [
            (ResultType.Id, "9007199254740993", "int64"), (ResultType.DateId, "\"2026-11-29\"", "date32"),
            (ResultType.UuidId, $"\"{Uuid}\"", "fixed_size_binary"),
        ];
        foreach ((ResultType type, string id, string arrowType) in cases)
        {
            string rows = $"{{\"id\":{id},\"value\":1}}\n{{\"id\":null,\"error\":\"x\"}}\n";
            byte[] arrow = Write(rows, [new("id", type), .. Value[1..]]);
            TableRows.Of(arrow).Should().Be(rows);
            using ArrowFileReader reader = new(new MemoryStream(arrow));
            using RecordBatch batch = reader.ReadNextRecordBatch();
            batch.Schema.FieldsList[0].DataType.Name.Should().Be(arrowType);
            using RecordSource source = new(
                [ArrowInputTests.Input(arrow)], new RecordFields { Text = "error", KeepOthers = true });
            source.Next()!.Value.Id.ToString().Should().Be(id.Trim('"'));
        }
    }

    [Fact]
    public void Results_NoRows_AreAFileWithoutBatches()
    {
        byte[] arrow = Write("", Value);
        TableRows.Of(arrow).Should().BeEmpty();
        using ArrowFileReader reader = new(new MemoryStream(arrow));
        reader.ReadNextRecordBatch().Should().BeNull();
    }

    [Fact]
    public void Read_OtherArrowFile_IsRefused()
    {
        Action read = () => TableRows.Of(OracleTable.Write("file"));
        read.Should().Throw<GauFormatException>().Which.Reason.Should().Be(
            "no results of gau: it does not say what its columns are");
    }

    [Fact]
    public void Read_DamagedAnywhere_IsReadOrRefused()
    {
        byte[] arrow = Write(
            "{\"id\":0,\"label\":\"a\",\"probabilities\":{\"a\":1},\"embedding\":[1,2],\"fields\":{\"k\":1}}\n"
            + "{\"id\":\"1\",\"error\":\"x\"}\n",
            [
                new("id", ResultType.Id), new("label", ResultType.Text), new("p_a", ResultType.Probability),
                new("embedding", ResultType.Numbers), new("fields", ResultType.Json), new("error", ResultType.Error),
            ]);
        Gen.Select(Gen.Int[0, arrow.Length - 1], Gen.Byte, Gen.Int[0, arrow.Length]).Sample((at, value, length) =>
        {
            foreach (int end in (int[])[length, arrow.Length])
            {
                byte[] damaged = [.. arrow];
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

    private static string?[] Texts(RecordBatch batch, string name)
    {
        StringArray texts = (StringArray)batch.Column(name);
        return [.. Enumerable.Range(0, texts.Length).Select(i => texts.GetString(i))];
    }

    private static string Numbers(IArrowArray values) => values is FloatArray floats
        ? $"[{string.Join(',', floats.Select(number => number))}]"
        : $"[{string.Join(',', ((HalfFloatArray)values).Select(number => number))}]";

    private static byte[] Write(string rows, IReadOnlyList<ResultColumn> columns)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(rows.ReplaceLineEndings("\n"))), output = new();
        TableResults.Write(input, output, columns, CancellationToken.None, format: RecordFormat.Arrow);
        return output.ToArray();
    }
}
