using System.Buffers.Binary;
using System.Text;
using FluentAssertions;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tests.Parquet;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests.Vectors;

/// <summary>Vectors of fewer bits in Parquet.</summary>
public sealed class ParquetVectorTests
{
    private const string Rows =
        "{\"id\":0,\"embedding\":[127,-2.5,0]}\n{\"id\":1,\"error\":\"x\"}\n{\"id\":2,\"embedding\":[0.05,0,-0.2]}\n";

    private static readonly VectorDescription Vectors = new()
    {
        Model = "0", ModelMetadata = "0", Pooling = "mean", Normalize = false, Dimensions = 3, Prefix = "",
        MaxTokens = 8, Similarity = Similarity.Cosine, Precision = VectorPrecision.Int8, Task = "embed",
    };

    [Fact]
    public async Task Int8_ReadByAnotherLibrary_AreNumbersWithAScale()
    {
        OracleFile file = new(Write(VectorPrecision.Int8, Rows));
        (await file.Names()).Should().Equal("id", "scale", "embedding", "error");
        (await file.AreListsOf<sbyte>(2)).Should().BeTrue();
        (await file.Values<float>("scale")).Should().Equal(1f, null, 0.2f / 127);
        (sbyte[] values, int[] definitions, int[] repetitions) = await file.Lists<sbyte>(2, 7);
        values[..6].Should().Equal(127, -2, 0, 32, 0, -127);   // −2.5 to the even number
        definitions.Should().Equal(2, 2, 2, 0, 2, 2, 2);
        repetitions.Should().Equal(0, 1, 1, 0, 0, 1, 1);
    }

    // Parquet.Net 6.1 refuses a file with such a column.
    [Fact]
    public void HalfFloats_AsInput_ComeOut()
    {
        using ParquetFile file = ParquetFile.Open(new MemoryStream(Write(VectorPrecision.F16, Rows)));
        SchemaColumn column = file.Footer.Columns[1];
        (column.Type, column.Length, column.Annotation).Should().Be(
            (PhysicalType.FixedLengthByteArray, 2, Annotation.Half));
        ColumnCursor cursor = new(file, column, file.Footer.Groups[0].Chunks[1]);
        List<Half> values = [];
        for (int row = 0; row < 3; row++)
        {
            cursor.NextRow();
            for (bool more = cursor.HasElement; more; more = cursor.NextInRow())
                values.Add(BinaryPrimitives.ReadHalfLittleEndian(cursor.Value));
        }
        values.Should().Equal((Half)127, (Half)(-2.5f), (Half)0, (Half)0.05f, (Half)0, (Half)(-0.2f));
    }

    [Theory]
    [InlineData(VectorPrecision.F16, "[127,-2.5,0]", "[0.049987793,0,-0.19995117]")]
    [InlineData(VectorPrecision.Int8, "[127,-2,0]", "[0.0503937,0,-0.2]")]
    public void Read_Reduced_GivesNumbersThatCanBeUsedAndMakeTheSameBytes(
        VectorPrecision precision, string first, string second)
    {
        byte[] parquet = Write(precision, Rows);
        string rows = TableRows.Of(parquet);
        rows.Split('\n')[0].Should().Contain($"\"embedding\":{first}");
        rows.Split('\n')[1].Should().Be("{\"id\":1,\"error\":\"x\"}");
        rows.Split('\n')[2].Should().Contain($"\"embedding\":{second}");
        Write(precision, rows).Should().Equal(parquet);
    }

    [Fact]
    public void Read_Description_ComesBack()
    {
        using TableResultReader reader = new(new MemoryStream(Write(VectorPrecision.Int8, Rows)), "v.parquet");
        reader.Vectors.Should().Be(Vectors);
    }

    [Fact]
    public void Write_Reduced_TellsTheCosines()
    {
        using MemoryStream rows = new(Encoding.UTF8.GetBytes(Rows)), parquet = new();
        CosineLoss loss = TableResults.Write(
            rows, parquet, Columns(VectorPrecision.Int8), TestContext.Current.CancellationToken)!;
        double first = Cosine.Of([127, -2.5f, 0], [127, -2, 0]);
        double second = Cosine.Of([0.05f, 0, -0.2f], [0.0503937f, 0, -0.2f]);
        loss.Count.Should().Be(2);
        loss.Mean.Should().Be((first + second) / 2);
        loss.Min.Should().Be(Math.Min(first, second));
    }

    [Fact]
    public void Read_DescriptionOfSomethingElse_IsRefused()
    {
        Action read = () => TableRows.Of(Altered("\"precision\":\"int8\"", "\"precision\":\"int9\""));
        read.Should().Throw<GauFormatException>().WithMessage("*the description of the vectors is malformed*");
    }

    [Fact]
    public void Read_ScaleThatIsNone_IsRefused()
    {
        Action read = () => TableRows.Of(Altered("[\"scale\",\"Scale\"]", "[\"scale\",\"Whole\"]"));
        read.Should().Throw<GauFormatException>().WithMessage("*the columns are not those of results*");
    }

    [Fact]
    public void Read_NumberBeyondAByte_IsRefused()
    {
        // A column of 32 bits holds what none of 8 does.
        using MemoryStream parquet = new();
        WrittenColumn[] columns = [.. Columns(VectorPrecision.Int8).Select(c => ResultLayout.Column(c, wholeIds: true))];
        using (ParquetWriter writer = new(parquet, columns))
        {
            ColumnBuffer[] buffers = [.. columns.Select(column => new ColumnBuffer(column))];
            buffers[0].AddInt64(1);
            buffers[1].AddFloat(1);
            buffers[2].BeginList();
            buffers[2].AddElement(128);
            buffers[2].EndList();
            buffers[3].AddNull();
            writer.WriteGroup(1, buffers, new Dictionary<int, (string, string)>());
            writer.End([(ResultLayout.NoteName, ResultLayout.Describe(Columns(VectorPrecision.Int8)))]);
        }
        Action read = () => TableRows.Of(parquet.ToArray());
        read.Should().Throw<GauFormatException>().WithMessage("*a number beyond -127 to 127*");
    }

    private static IReadOnlyList<ResultColumn> Columns(VectorPrecision precision) =>
        [new("id", ResultType.Id), .. ResultColumn.OfVector(precision), new("error", ResultType.Error)];

    private static byte[] Write(VectorPrecision precision, string rows)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(rows)), output = new();
        TableResults.Write(input, output, Columns(precision), CancellationToken.None, vectors: Vectors);
        return output.ToArray();
    }

    // Texts of the same length in the footer, which has no checksum.
    private static byte[] Altered(string from, string to)
    {
        byte[] parquet = Write(VectorPrecision.Int8, Rows);
        int at = parquet.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
        Encoding.UTF8.GetBytes(to).CopyTo(parquet, at);
        return parquet;
    }
}
