using System.Buffers.Binary;
using System.Globalization;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// Ids out of a column of Parquet or Arrow: texts, whole numbers however they are stored, UUIDs and dates.
/// </summary>
/// <remarks>
/// A column of whole numbers with nulls becomes one of floats in pandas, and of decimals in databases.
/// </remarks>
internal static class TableIds
{
    private const double LargestExact = 1L << 53;

    /// <summary>What may be an id, for messages.</summary>
    public const string Allowed = "ids are texts, whole numbers, UUIDs or dates";

    /// <summary>Whether a column can hold ids.</summary>
    public static bool CanBeIn(SchemaColumn column) => column.IsFlat
        && (column.HoldsText || column.HoldsWholeNumbers || IsFloat(column)
            || column.Annotation is Annotation.Decimal or Annotation.Date or Annotation.Uuid);

    /// <summary>What all ids of a column mean, if that is more than texts or numbers.</summary>
    public static Annotation MeaningOf(SchemaColumn? column) => column switch
    {
        { Annotation: Annotation.Date } => Annotation.Date,
        { Annotation: Annotation.Uuid, Type: PhysicalType.FixedLengthByteArray, Length: 16 } => Annotation.Uuid,
        _ => default,
    };

    /// <summary>A value that is no text as JSON; null where it is not whole, or too large to be exact.</summary>
    public static string? Json(SchemaColumn column, ReadOnlySpan<byte> value)
    {
        if (IsFloat(column))
        {
            double number = column.Type == PhysicalType.Float
                ? BinaryPrimitives.ReadSingleLittleEndian(value)
                : BinaryPrimitives.ReadDoubleLittleEndian(value);
            return Math.Truncate(number) == number && Math.Abs(number) <= LargestExact
                ? ((long)number).ToString(CultureInfo.InvariantCulture)
                : null;
        }
        string json = ParquetValueJson.Of(column, value);
        if (column.Annotation == Annotation.Date)
            return json[0] == '"' ? json : null;   // else the date cannot be written
        if (column.Annotation != Annotation.Decimal)
            return json;
        int point = json.IndexOf('.', StringComparison.Ordinal);
        string whole = point >= 0 && json.AsSpan(point + 1).IndexOfAnyExcept('0') < 0 ? json[..point] : json;
        return whole.AsSpan().IndexOfAny('.', '"') < 0 ? whole : null;
    }

    private static bool IsFloat(SchemaColumn column) => column.Type is PhysicalType.Float or PhysicalType.Double;
}
