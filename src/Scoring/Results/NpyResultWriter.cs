using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace GauRuntime.Scoring.Results;

/// <summary>
/// Takes the vectors out of rows of JSON into a matrix of NumPy, and writes what is left of the rows beside it, a line
/// for each row of the matrix. A rejected record has neither.
/// </summary>
internal sealed class NpyResultWriter : TableWriter
{
    private const int FlushAt = 1 << 20;

    private readonly Stream npy;
    private readonly Stream lines;
    private readonly NpyHeader header;
    private readonly VectorReduction reduction;
    private readonly ArrayBufferWriter<byte> numbers = new();
    private readonly ArrayBufferWriter<byte> rest = new();
    private long rows;

    /// <summary>Begins both files.</summary>
    /// <param name="npy">Where the matrix goes.</param>
    /// <param name="lines">Where the rest of the rows goes.</param>
    /// <param name="header">What the matrix will be.</param>
    public NpyResultWriter(Stream npy, Stream lines, NpyHeader header)
    {
        (this.npy, this.lines, this.header) = (npy, lines, header);
        reduction = new VectorReduction(header.Precision);
        npy.Write(header.ToBytes());
    }

    public override CosineLoss? Loss => header.Precision == VectorPrecision.F32 ? null : reduction.Loss;

    public override void Add(ReadOnlySpan<byte> row)
    {
        Utf8JsonReader json = new(row, JsonRows.ReadOptions);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)json.TokenStartIndex;
            bool isError = json.ValueTextEquals("error"u8), isVector = json.ValueTextEquals("embedding"u8);
            json.Read();
            if (isError)
                return;
            if (isVector)
            {
                AddVector(ref json, row, start);
                return;
            }
            json.Skip();
        }
        throw new FormatException("a row without a vector");
    }

    public override void End()
    {
        if (rows != header.Rows)
            throw new FormatException($"{rows} vectors where {header.Rows} were computed");
        Flush();
    }

    private void AddVector(ref Utf8JsonReader json, ReadOnlySpan<byte> row, int start)
    {
        reduction.Read(ref json, scale: null);
        if (reduction.Count != header.Dimensions)
            throw new FormatException($"a vector of {reduction.Count} numbers, not {header.Dimensions}");
        int end = (int)json.BytesConsumed;
        if (end == row.Length || row[end] != (byte)',')
            throw new FormatException("a row that ends with its vector");
        rest.Write(row[..start]);
        if (header.Precision == VectorPrecision.Int8)
            WriteScale();
        rest.Write(row[(end + 1)..]);
        rest.Write("\n"u8);
        WriteNumbers();
        rows++;
        if (numbers.WrittenCount + rest.WrittenCount >= FlushAt)
            Flush();
    }

    private void WriteScale()
    {
        rest.Write("\"scale\":"u8);
        using (Utf8JsonWriter json = new(rest))
            json.WriteNumberValue(reduction.Scale);
        rest.Write(","u8);
    }

    private void WriteNumbers()
    {
        int size = header.NumberBytes;
        Span<byte> into = numbers.GetSpan((int)header.RowBytes);
        for (int i = 0; i < reduction.Count; i++)
        {
            Span<byte> number = into[(i * size)..];
            switch (header.Precision)
            {
                case VectorPrecision.F32:
                    BinaryPrimitives.WriteSingleLittleEndian(number, reduction.Float(i));
                    break;
                case VectorPrecision.F16:
                    BinaryPrimitives.WriteHalfLittleEndian(number, reduction.HalfFloat(i));
                    break;
                default:
                    number[0] = unchecked((byte)reduction.Whole(i));
                    break;
            }
        }
        numbers.Advance((int)header.RowBytes);
    }

    private void Flush()
    {
        npy.Write(numbers.WrittenSpan);
        lines.Write(rest.WrittenSpan);
        numbers.ResetWrittenCount();
        rest.ResetWrittenCount();
    }
}
