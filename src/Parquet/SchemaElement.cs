namespace GauRuntime.Parquet;

/// <summary>An element of the schema as it stands in the footer: a field, before its fields if it has some.</summary>
internal sealed record SchemaElement(string Name, PhysicalType? Type, int Length, Repetition Repetition, int Children)
{
    // ConvertedType and the fields of LogicalType, by number.
    private const int Utf8 = 0, Enum = 4, Decimal = 5, Date = 6, TimeMilliseconds = 7, TimeMicroseconds = 8;
    private const int TimestampMilliseconds = 9, TimestampMicroseconds = 10, Unsigned8 = 11, Signed64 = 18, Json = 19;

    public Annotation Annotation { get; init; }

    public int Scale { get; init; }

    public bool IsUtc { get; init; }

    public static SchemaElement Read(ref ThriftReader reader)
    {
        string? name = null;
        int? type = null, converted = null;
        int length = 0, repetition = 0, children = 0, scale = 0;
        (Annotation Annotation, int Scale, bool IsUtc)? logical = null;
        for (int field = 0; reader.Next(ref field, out ThriftType kind);)
        {
            switch (field)
            {
                case 1: type = reader.Int32(kind); break;
                case 2: length = reader.Int32(kind); break;
                case 3: repetition = reader.Int32(kind); break;
                case 4: name = reader.Text(kind); break;
                case 5: children = reader.Int32(kind); break;
                case 6: converted = reader.Int32(kind); break;
                case 7: scale = reader.Int32(kind); break;
                case 10: logical = Logical(ref reader, kind); break;
                default: reader.Skip(kind); break;
            }
        }
        if (name is null || type is < 0 or > 7 || repetition is < 0 or > 2 || children < 0 || length < 0)
            throw new TableFault("a field of the schema is malformed");
        (Annotation annotation, int digits, bool isUtc) = logical ?? Converted(converted);
        return new SchemaElement(name, (PhysicalType?)type, length, (Repetition)repetition, children)
        {
            Annotation = annotation,
            Scale = logical is null && annotation == Annotation.Decimal ? scale : digits,
            IsUtc = isUtc,
        };
    }

    private static (Annotation, int, bool) Converted(int? type) => type switch
    {
        null => (Annotation.None, 0, false),
        Utf8 or Enum => (Annotation.Text, 0, false),
        1 or 2 => (Annotation.Map, 0, false),
        3 => (Annotation.List, 0, false),
        Decimal => (Annotation.Decimal, 0, false),
        Date => (Annotation.Date, 0, false),
        TimeMilliseconds => (Annotation.Time, 3, true),
        TimeMicroseconds => (Annotation.Time, 6, true),
        TimestampMilliseconds => (Annotation.Timestamp, 3, true),
        TimestampMicroseconds => (Annotation.Timestamp, 6, true),
        >= Unsigned8 and < Unsigned8 + 4 => (Annotation.Unsigned, 0, false),
        > Unsigned8 + 3 and <= Signed64 => (Annotation.Signed, 0, false),
        Json => (Annotation.Json, 0, false),
        _ => (Annotation.Other, 0, false),
    };

    private static (Annotation, int, bool) Logical(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Struct(type);
        (Annotation, int, bool) found = (Annotation.Other, 0, false);
        for (int field = 0; reader.Next(ref field, out ThriftType kind);)
        {
            found = field switch
            {
                1 or 4 => (Annotation.Text, 0, false),
                2 => (Annotation.Map, 0, false),
                3 => (Annotation.List, 0, false),
                5 => Decimals(ref reader, kind),
                6 => (Annotation.Date, 0, false),
                7 => Time(ref reader, kind, Annotation.Time),
                8 => Time(ref reader, kind, Annotation.Timestamp),
                10 => Integer(ref reader, kind),
                12 => (Annotation.Json, 0, false),
                14 => (Annotation.Uuid, 0, false),
                15 => (Annotation.Half, 0, false),
                _ => (Annotation.Other, 0, false),
            };
            if (field is not (5 or 7 or 8 or 10))
                reader.Skip(kind);
        }
        return found;
    }

    private static (Annotation, int, bool) Decimals(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Struct(type);
        int? scale = null;
        for (int field = 0; reader.Next(ref field, out ThriftType kind);)
        {
            if (field == 1)
                scale = reader.Int32(kind);
            else
                reader.Skip(kind);
        }
        return (Annotation.Decimal, scale ?? throw new TableFault("decimals without a scale"), false);
    }

    private static (Annotation, int, bool) Integer(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Struct(type);
        bool signed = true;
        for (int field = 0; reader.Next(ref field, out ThriftType kind);)
        {
            if (field == 2)
                signed = ThriftReader.Bool(kind);
            else
                reader.Skip(kind);
        }
        return (signed ? Annotation.Signed : Annotation.Unsigned, 0, false);
    }

    private static (Annotation, int, bool) Time(ref ThriftReader reader, ThriftType type, Annotation annotation)
    {
        ThriftReader.Struct(type);
        bool isUtc = false;
        int digits = 3;
        for (int field = 0; reader.Next(ref field, out ThriftType kind);)
        {
            if (field == 1)
                isUtc = ThriftReader.Bool(kind);
            else if (field == 2 && kind == ThriftType.Struct)
            {
                for (int unit = 0; reader.Next(ref unit, out ThriftType inner); reader.Skip(inner))
                    digits = 3 * Math.Clamp(unit, 1, 3);
            }
            else
                reader.Skip(kind);
        }
        return (annotation, digits, isUtc);
    }
}
