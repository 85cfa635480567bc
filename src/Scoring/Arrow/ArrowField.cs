using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>How the values of a field are laid out in buffers.</summary>
internal enum ArrowShape
{
    /// <summary>Nulls, without any buffer.</summary>
    Null,
    /// <summary>Truth values, one bit each.</summary>
    Bits,
    /// <summary>Values of one length.</summary>
    Fixed,
    /// <summary>Bytes by 32-bit offsets.</summary>
    Bytes,
    /// <summary>Bytes by 64-bit offsets.</summary>
    LargeBytes,
    /// <summary>Bytes that stand in a view of 16 bytes, or where it says.</summary>
    Views,
    /// <summary>Lists and maps by 32-bit offsets.</summary>
    List,
    /// <summary>Lists by 64-bit offsets.</summary>
    LargeList,
    /// <summary>Lists of one length.</summary>
    FixedList,
    /// <summary>Structures.</summary>
    Struct,
    /// <summary>Values of several types, the type beside each.</summary>
    SparseUnion,
    /// <summary>Values of several types, type and place beside each.</summary>
    DenseUnion,
    /// <summary>Values that stand for several rows.</summary>
    RunEnds,
    /// <summary>Lists by offset and length.</summary>
    ListView,
}

/// <summary>What is done to a stored value so that it is one of PLAIN in Parquet.</summary>
internal enum ArrowConversion
{
    None,
    /// <summary>To 32 bits, with its sign.</summary>
    Widen,
    /// <summary>To 32 bits, without sign.</summary>
    WidenUnsigned,
    /// <summary>The most significant byte first.</summary>
    Reverse,
    /// <summary>Seconds to milliseconds, in 64 bits.</summary>
    Thousandfold,
    /// <summary>Milliseconds to days, in 32 bits.</summary>
    Days,
}

/// <summary>What the values of a field are, as Parquet has it.</summary>
internal sealed record ArrowMeaning(
    PhysicalType Type, Annotation Annotation = Annotation.None, int Length = 0, int Scale = 0, bool IsUtc = false,
    ArrowConversion Conversion = ArrowConversion.None);

/// <summary>Where the values of a field stand whose columns hold their numbers.</summary>
/// <param name="Id">That of the dictionary.</param>
/// <param name="IsSigned">Whether the numbers have a sign.</param>
internal sealed record ArrowDictionary(long Id, bool IsSigned);

/// <summary>A field of a schema.</summary>
internal sealed record ArrowField
{
    private SchemaColumn? plain;

    public required string Name { get; init; }

    public required ArrowShape Shape { get; init; }

    /// <summary>Bytes of a value, or elements of a list, where all have the same.</summary>
    public int Width { get; init; }

    /// <summary>Whether it is a list of the keys and values of a map.</summary>
    public bool IsMap { get; init; }

    /// <summary>What its values are; null where it has fields inside, or is not read.</summary>
    public ArrowMeaning? Meaning { get; init; }

    /// <summary>Where its values are, if not in its own column.</summary>
    public ArrowDictionary? Dictionary { get; init; }

    public IReadOnlyList<ArrowField> Children { get; init; } = [];

    /// <summary>What it holds that is not read, or null.</summary>
    public string? Unread { get; init; }

    /// <summary>The values as those of a column.</summary>
    public SchemaColumn Plain => plain ??= Column(0);

    /// <summary>Whether its values are lists.</summary>
    public bool IsList => Shape is ArrowShape.List or ArrowShape.LargeList or ArrowShape.FixedList;

    /// <summary>Buffers of a column, but for those that views point into.</summary>
    public int Buffers => Shape switch
    {
        ArrowShape.Null or ArrowShape.RunEnds => 0,
        ArrowShape.FixedList or ArrowShape.Struct or ArrowShape.SparseUnion => 1,
        ArrowShape.Bytes or ArrowShape.LargeBytes or ArrowShape.ListView => 3,
        _ => 2,
    };

    /// <summary>The field as a column of a table.</summary>
    /// <param name="index">Its place among the fields at the top.</param>
    public SchemaColumn Column(int index)
    {
        ArrowField leaf = this;
        int lists = 0;
        for (; leaf.IsList && !leaf.IsMap; leaf = leaf.Children[0])
            lists++;
        ArrowMeaning meaning = leaf.Meaning ?? new ArrowMeaning(PhysicalType.ByteArray, Annotation.Other);
        return new SchemaColumn
        {
            Index = index,
            Field = Name,
            Type = meaning.Type,
            Annotation = meaning.Annotation,
            Length = meaning.Length,
            Scale = meaning.Scale,
            IsUtc = meaning.IsUtc,
            MaxRepetition = lists,
            MaxDefinition = lists + 1,
            IsFlat = lists == 0 && leaf.Meaning is not null,
        };
    }
}
