using System.Buffers.Binary;
using System.Text;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>A table of a FlatBuffer, in which Arrow keeps its metadata: every place is checked before it is read.
/// </summary>
internal readonly struct FlatTable
{
    private const int OffsetSize = 4;

    private readonly byte[] bytes;
    private readonly int start;
    private readonly int layout;
    private readonly int layoutLength;

    private FlatTable(byte[] bytes, int start)
    {
        (this.bytes, this.start) = (bytes, start);
        long at = (long)start - BinaryPrimitives.ReadInt32LittleEndian(Part(bytes, start, 4));
        layoutLength = BinaryPrimitives.ReadUInt16LittleEndian(Part(bytes, at, 2));
        layout = (int)at;
        Part(bytes, at, layoutLength);
    }

    /// <summary>The outermost table.</summary>
    public static FlatTable Root(byte[] bytes) => new(bytes, Target(bytes, 0));

    /// <summary>A table among others.</summary>
    public static FlatTable Of(byte[] bytes, long reference) => new(bytes, Target(bytes, reference));

    /// <summary>Bytes of all metadata.</summary>
    public int Capacity => bytes.Length;

    /// <summary>Whether a field refers to something.</summary>
    public bool Has(int field) => Place(field) is not null;

    public int Byte(int field) => Place(field) is { } at ? Part(bytes, at, 1)[0] : 0;

    public int Int16(int field, int otherwise = 0) =>
        Place(field) is { } at ? BinaryPrimitives.ReadInt16LittleEndian(Part(bytes, at, 2)) : otherwise;

    public int Int32(int field, int otherwise = 0) =>
        Place(field) is { } at ? BinaryPrimitives.ReadInt32LittleEndian(Part(bytes, at, 4)) : otherwise;

    public long Int64(int field) =>
        Place(field) is { } at ? BinaryPrimitives.ReadInt64LittleEndian(Part(bytes, at, 8)) : 0;

    public FlatTable? Table(int field) => Place(field) is { } at ? Of(bytes, at) : null;

    /// <summary>A text; empty where there is none.</summary>
    /// <param name="field">The field.</param>
    /// <param name="most">Bytes that texts may take, of which those of this one are taken.</param>
    public string Text(int field, ref long most)
    {
        if (Place(field) is not { } at)
            return "";
        FlatVector text = FlatVector.At(bytes, Target(bytes, at), 1);
        most -= text.Count + OffsetSize;
        if (most < 0)
            throw new TableFault("its metadata are corrupt: they hold more text than bytes");
        return Encoding.UTF8.GetString(Part(bytes, text.Start, text.Count));
    }

    /// <summary>The elements of a vector; none where there is no vector.</summary>
    /// <param name="field">The field.</param>
    /// <param name="size">Bytes of an element.</param>
    public FlatVector Vector(int field, int size) =>
        Place(field) is { } at ? FlatVector.At(bytes, Target(bytes, at), size) : default;

    /// <summary>Those of a vector of tables.</summary>
    public FlatVector Tables(int field) => Vector(field, OffsetSize);

    /// <summary>Bytes of a FlatBuffer.</summary>
    /// <exception cref="TableFault">There are none.</exception>
    internal static ReadOnlySpan<byte> Part(byte[] bytes, long at, int length) =>
        at >= 0 && length <= bytes.Length - at
            ? bytes.AsSpan((int)at, length)
            : throw new TableFault("its metadata are corrupt: they refer to what is not there");

    private static int Target(byte[] bytes, long reference)
    {
        long at = reference + BinaryPrimitives.ReadUInt32LittleEndian(Part(bytes, reference, OffsetSize));
        Part(bytes, at, OffsetSize);
        return (int)at;
    }

    private long? Place(int field)
    {
        const int Header = 4, Entry = 2;
        int at = Header + Entry * field;
        if (at + Entry > layoutLength)
            return null;
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(Part(bytes, layout + at, Entry));
        return offset == 0 ? null : (long)start + offset;
    }
}

/// <summary>The elements of a vector in a FlatBuffer.</summary>
internal readonly record struct FlatVector(byte[] Bytes, int Start, int Count, int Size)
{
    /// <summary>Those behind a number of elements.</summary>
    public static FlatVector At(byte[] bytes, int place, int size)
    {
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(FlatTable.Part(bytes, place, 4));
        int start = place + 4;
        if (count > (bytes.Length - start) / size)
            throw new TableFault("its metadata are corrupt: a vector is longer than they are");
        return new FlatVector(bytes, start, (int)count, size);
    }

    /// <summary>A number in an element.</summary>
    public long Int64(int index, int offset = 0) =>
        BinaryPrimitives.ReadInt64LittleEndian(FlatTable.Part(Bytes, Element(index) + offset, 8));

    /// <summary>An element that is a table.</summary>
    public FlatTable Table(int index) => FlatTable.Of(Bytes, Element(index));

    private long Element(int index) => index < Count
        ? Start + (long)index * Size
        : throw new TableFault("its metadata are corrupt: they say less than the schema asks for");
}
