using System.Buffers;
using FluentAssertions;
using GauRuntime.Parquet;
using Xunit;

namespace GauRuntime.Scoring.Tests.Parquet;

public sealed class SchemaElementTests
{
    private const int ConvertedDecimal = 5, LogicalDecimal = 5;

    [Theory]
    [InlineData(null, 2, 2)]
    [InlineData(2, null, 2)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 2, 2)]         // the logical type is the newer one, and the one that counts
    [InlineData(null, null, 0)]   // only the older one may leave it out
    public void Scale_OfDecimals_IsThatOfTheirType(int? older, int? logical, int scale)
    {
        SchemaElement element = Read(thrift =>
        {
            thrift.Int32(6, ConvertedDecimal);
            if (older is { } digits)
                thrift.Int32(7, digits);
            if (logical is { } own)
                Logical(thrift, own);
        });
        (element.Annotation, element.Scale).Should().Be((Annotation.Decimal, scale));
    }

    [Fact]
    public void Scale_OfALogicalTypeAlone_Counts()
    {
        SchemaElement element = Read(thrift => Logical(thrift, 2));
        (element.Annotation, element.Scale).Should().Be((Annotation.Decimal, 2));
    }

    [Fact]
    public void Read_LogicalDecimalsWithoutAScale_AreRefused()
    {
        Action read = () => Read(thrift => Logical(thrift, null));
        read.Should().Throw<TableFault>().WithMessage("decimals without a scale");
    }

    private static void Logical(ThriftWriter thrift, int? scale)
    {
        thrift.Begin(10);
        thrift.Begin(LogicalDecimal);
        if (scale is { } digits)
            thrift.Int32(1, digits);
        thrift.Int32(2, 9);   // precision
        thrift.End();
        thrift.End();
    }

    private static SchemaElement Read(Action<ThriftWriter> type)
    {
        ArrayBufferWriter<byte> output = new();
        ThriftWriter thrift = new(output);
        thrift.Begin();
        thrift.Int32(1, (int)PhysicalType.Int64);
        thrift.Int32(3, (int)Repetition.Required);
        thrift.Text(4, "price");
        type(thrift);
        thrift.End();
        ThriftReader reader = new(output.WrittenSpan);
        return SchemaElement.Read(ref reader);
    }
}
