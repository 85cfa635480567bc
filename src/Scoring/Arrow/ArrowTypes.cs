using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>Types of Arrow, with the numbers of Schema.fbs of the format.</summary>
internal static class ArrowTypes
{
    /// <summary>Reads the type of a field.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="kind">Which type it is.</param>
    /// <param name="type">Its parameters.</param>
    /// <param name="children">The fields inside.</param>
    /// <param name="extension">The type that it stands for, or null.</param>
    /// <exception cref="TableFault">It is malformed, or unknown.</exception>
    public static ArrowField Read(
        string name, int kind, FlatTable? type, IReadOnlyList<ArrowField> children, string? extension)
    {
        FlatTable of = type ?? throw new TableFault($"the field '{name}' has no type");
        return kind switch
        {
            1 => Bytes(name, ArrowShape.Null, Annotation.Other),
            2 => Whole(name, IntWidth(of), of.Byte(1) != 0),
            3 => Float(name, of.Int16(0)),
            4 => Bytes(name, ArrowShape.Bytes, Annotation.None),
            5 => Bytes(name, ArrowShape.Bytes, TextOf(extension)),
            6 => new() { Name = name, Shape = ArrowShape.Bits, Meaning = new(PhysicalType.Boolean) },
            7 => Decimal(name, of.Int32(1), of.Int32(2, 128)),
            8 => of.Int16(0, 1) == 0
                ? Fixed(name, 4, new(PhysicalType.Int32, Annotation.Date))
                : Fixed(name, 8, new(PhysicalType.Int32, Annotation.Date, Conversion: ArrowConversion.Days)),
            9 => Time(name, of.Int16(0, 1), of.Int32(1, 32)),
            10 => Fixed(name, 8, Instant(of.Int16(0), Annotation.Timestamp, of.Has(1))),
            11 => Fixed(name, of.Int16(0) switch { 0 => 4, 1 => 8, _ => 16 }, null) with { Unread = "intervals" },
            12 => Nested(name, ArrowShape.List, children, 1),
            13 => Nested(name, ArrowShape.Struct, children, children.Count),
            14 => Unread(name, of.Int16(0) == 0 ? ArrowShape.SparseUnion : ArrowShape.DenseUnion, "unions", children),
            15 => Fixed(name, Width(of.Int32(0)), Binary(of.Int32(0), extension)),
            16 => Nested(name, ArrowShape.FixedList, children, 1) with { Width = Width(of.Int32(0)) },
            17 => Map(name, children),
            18 => Fixed(name, 8, new(PhysicalType.Int64)),
            19 => Bytes(name, ArrowShape.LargeBytes, Annotation.None),
            20 => Bytes(name, ArrowShape.LargeBytes, TextOf(extension)),
            21 => Nested(name, ArrowShape.LargeList, children, 1),
            22 => Unread(name, ArrowShape.RunEnds, "values by run ends", children),
            23 => Bytes(name, ArrowShape.Views, Annotation.None),
            24 => Bytes(name, ArrowShape.Views, TextOf(extension)),
            25 or 26 => Unread(name, ArrowShape.ListView, "list views", children),
            _ => throw new TableFault($"the field '{name}' has a type that is not known here ({kind})"),
        };
    }

    /// <summary>Bytes of a whole number.</summary>
    public static int IntWidth(FlatTable type) => type.Int32(0) is 8 or 16 or 32 or 64
        ? type.Int32(0) / 8
        : throw new TableFault($"whole numbers of {type.Int32(0)} bits");

    private static ArrowField Whole(string name, int width, bool isSigned)
    {
        PhysicalType type = width == 8 ? PhysicalType.Int64 : PhysicalType.Int32;
        ArrowConversion conversion = width >= 4 ? ArrowConversion.None
            : isSigned ? ArrowConversion.Widen : ArrowConversion.WidenUnsigned;
        return Fixed(
            name, width, new(type, isSigned ? Annotation.Signed : Annotation.Unsigned, Conversion: conversion));
    }

    private static ArrowField Float(string name, int precision) => precision switch
    {
        0 => Fixed(name, 2, new(PhysicalType.FixedLengthByteArray, Annotation.Half, Length: 2)),
        1 => Fixed(name, 4, new(PhysicalType.Float)),
        2 => Fixed(name, 8, new(PhysicalType.Double)),
        _ => throw new TableFault($"floats of an unknown precision ({precision})"),
    };

    private static ArrowField Decimal(string name, int scale, int bits) => bits switch
    {
        32 or 64 or 128 or 256 when scale < 0 =>
            Fixed(name, bits / 8, null) with { Unread = "decimals of a negative scale" },
        32 => Fixed(name, 4, new(PhysicalType.Int32, Annotation.Decimal, Scale: scale)),
        64 => Fixed(name, 8, new(PhysicalType.Int64, Annotation.Decimal, Scale: scale)),
        128 or 256 => Fixed(name, bits / 8, new(
            PhysicalType.FixedLengthByteArray, Annotation.Decimal, bits / 8, scale,
            Conversion: ArrowConversion.Reverse)),
        _ => throw new TableFault($"decimals of {bits} bits"),
    };

    private static ArrowField Time(string name, int unit, int bits)
    {
        ArrowMeaning meaning = Instant(unit, Annotation.Time, isUtc: false);
        return bits switch
        {
            32 => Fixed(name, 4, unit == 0 ? meaning : meaning with { Type = PhysicalType.Int32 }),
            64 => Fixed(name, 8, meaning),
            _ => throw new TableFault($"times of {bits} bits"),
        };
    }

    // In seconds, milliseconds, microseconds or nanoseconds.
    private static ArrowMeaning Instant(int unit, Annotation annotation, bool isUtc) => unit switch
    {
        0 => new(PhysicalType.Int64, annotation, 0, 3, isUtc, ArrowConversion.Thousandfold),
        1 or 2 or 3 => new(PhysicalType.Int64, annotation, 0, 3 * unit, isUtc),
        _ => throw new TableFault($"times in an unknown unit ({unit})"),
    };

    private static ArrowMeaning Binary(int width, string? extension) => new(
        PhysicalType.FixedLengthByteArray, extension == "arrow.uuid" && width == 16 ? Annotation.Uuid : Annotation.None,
        width);

    private static Annotation TextOf(string? extension) =>
        extension == "arrow.json" ? Annotation.Json : Annotation.Text;

    private static ArrowField Bytes(string name, ArrowShape shape, Annotation annotation) => new()
    {
        Name = name, Shape = shape, Meaning = new(PhysicalType.ByteArray, annotation),
    };

    private static ArrowField Fixed(string name, int width, ArrowMeaning? meaning) => new()
    {
        Name = name, Shape = ArrowShape.Fixed, Width = width, Meaning = meaning,
    };

    private static ArrowField Nested(string name, ArrowShape shape, IReadOnlyList<ArrowField> children, int expected) =>
        children.Count == expected
            ? new() { Name = name, Shape = shape, Children = children }
            : throw new TableFault($"the field '{name}' has {children.Count} fields inside, not {expected}");

    private static ArrowField Map(string name, IReadOnlyList<ArrowField> children) =>
        children is [{ Shape: ArrowShape.Struct, Children.Count: 2 }]
            ? new() { Name = name, Shape = ArrowShape.List, IsMap = true, Children = children }
            : throw new TableFault($"the map '{name}' has no keys and values");

    private static ArrowField Unread(
        string name, ArrowShape shape, string what, IReadOnlyList<ArrowField> children) => new()
    {
        Name = name, Shape = shape, Children = children, Unread = what,
    };

    private static int Width(int width) =>
        width >= 0 ? width : throw new TableFault("values of a negative length");
}
