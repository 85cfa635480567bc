using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace GauRuntime.Parquet;

/// <summary>Values of columns as JSON.</summary>
/// <remarks>Times as in ISO 8601, decimals with all their digits, bytes that are no text in base64.</remarks>
internal static class ParquetValueJson
{
    private const int LongestDecimal = 32;   // bytes; the usual ones have 16

    public static string Of(SchemaColumn column, ReadOnlySpan<byte> value) => column.Type switch
    {
        PhysicalType.Boolean => value[0] != 0 ? "true" : "false",
        PhysicalType.Int32 => Whole(column, BinaryPrimitives.ReadInt32LittleEndian(value), 32),
        PhysicalType.Int64 => Whole(column, BinaryPrimitives.ReadInt64LittleEndian(value), 64),
        PhysicalType.Int96 => Int96(value),
        PhysicalType.Float => Number(BinaryPrimitives.ReadSingleLittleEndian(value)),
        PhysicalType.Double => Number(BinaryPrimitives.ReadDoubleLittleEndian(value)),
        _ => Bytes(column, value),
    };

    private static string Whole(SchemaColumn column, long value, int bits) => column.Annotation switch
    {
        Annotation.Unsigned => Text(bits == 32 ? (uint)value : (ulong)value),
        Annotation.Decimal => Decimal(value, column.Scale),
        Annotation.Date => ParquetTime.Date(value) ?? Text(value),
        Annotation.Time => ParquetTime.OfDay(value, column.Scale) ?? Text(value),
        Annotation.Timestamp => ParquetTime.Instant(value, column.Scale, column.IsUtc) ?? Text(value),
        _ => Text(value),
    };

    // The nanoseconds of a day, then the day, counted from 4714 BC.
    private static string Int96(ReadOnlySpan<byte> value)
    {
        const int EpochDay = 2_440_588;
        const long NanosecondsPerDay = 86_400_000_000_000;
        Int128 days = BinaryPrimitives.ReadInt32LittleEndian(value[8..]) - (Int128)EpochDay;
        Int128 nanoseconds = days * NanosecondsPerDay + BinaryPrimitives.ReadInt64LittleEndian(value);
        return ParquetTime.Instant(nanoseconds, 9, isUtc: false) ?? Base64(value);
    }

    private static string Bytes(SchemaColumn column, ReadOnlySpan<byte> value)
    {
        bool isFixed = column.Type == PhysicalType.FixedLengthByteArray;
        return column.Annotation switch
        {
            Annotation.Decimal when value.Length is > 0 and <= LongestDecimal =>
                Decimal(new BigInteger(value, isBigEndian: true), column.Scale),
            Annotation.Uuid when value.Length == 16 => $"\"{new Guid(value, bigEndian: true)}\"",
            Annotation.Half when value.Length == 2 => Number((float)BinaryPrimitives.ReadHalfLittleEndian(value)),
            Annotation.None or Annotation.Text or Annotation.Json when !isFixed && Utf8.IsValid(value) => Quoted(value),
            _ => Base64(value),
        };
    }

    private static string Decimal(BigInteger unscaled, int scale)
    {
        if (scale is <= 0 or > 1000)
            return unscaled.ToString(CultureInfo.InvariantCulture);
        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    // JSON has no word for what is no number.
    private static string Number<T>(T value)
        where T : IBinaryFloatingPointIeee754<T> =>
        T.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null";

    private static string Text<T>(T value)
        where T : IBinaryInteger<T> => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Quoted(ReadOnlySpan<byte> text) => string.Concat(
        "\"", JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value, "\"");

    private static string Base64(ReadOnlySpan<byte> value) => $"\"{Convert.ToBase64String(value)}\"";
}
