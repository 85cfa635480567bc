using System.Text;

namespace GauRuntime.Parquet;

/// <summary>Reads Thrift's compact protocol, in which Parquet's footer and page headers are written.</summary>
/// <remarks>Nothing is allocated by what bytes claim; every list is checked against the bytes that are left.</remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether a fault was that the bytes end too early.</summary>
    public bool Ended { get; private set; }

    /// <summary>Goes to the next field of a struct.</summary>
    /// <param name="field">Its number; 0 before the first.</param>
    /// <param name="type">Its type; every value has to be read or skipped.</param>
    /// <returns>False at the end of the struct.</returns>
    public bool Next(ref int field, out ThriftType type)
    {
        byte head = Byte();
        type = (ThriftType)(head & 15);
        if (type == ThriftType.Stop)
            return false;
        int step = head >> 4;
        field = step == 0 ? (int)Zigzag() : field + step;
        return true;
    }

    public int Int32(ThriftType type) =>
        Int64(type) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Malformed();

    public long Int64(ThriftType type) =>
        type is ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64 ? Zigzag() : throw Malformed();

    public static bool Bool(ThriftType type) =>
        type is ThriftType.True or ThriftType.False ? type == ThriftType.True : throw Malformed();

    public ReadOnlySpan<byte> Binary(ThriftType type)
    {
        if (type != ThriftType.Binary)
            throw Malformed();
        int length = Length();
        ReadOnlySpan<byte> value = bytes.Slice(Position, length);
        Position += length;
        return value;
    }

    public string Text(ThriftType type) => Encoding.UTF8.GetString(Binary(type));

    /// <summary>Begins a list; its elements are of one type and follow.</summary>
    public int List(ThriftType type, ThriftType elements)
    {
        if (type != ThriftType.List)
            throw Malformed();
        int count = ListHead(out ThriftType found);
        return count == 0 || found == elements ? count : throw Malformed();
    }

    /// <summary>Checks that a value is a struct; its fields follow.</summary>
    public static void Struct(ThriftType type)
    {
        if (type != ThriftType.Struct)
            throw Malformed();
    }

    /// <summary>Steps over a value.</summary>
    public void Skip(ThriftType type, int depth = 0)
    {
        if (depth > Deepest)
            throw new TableFault($"structures nested deeper than {Deepest}");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                for (int i = 0; i < 8; i++)
                    Byte();
                break;
            case ThriftType.Binary:
                Binary(type);
                break;
            case ThriftType.List or ThriftType.Set:
                int count = ListHead(out ThriftType element);
                for (int i = 0; i < count; i++)
                    SkipElement(element, depth + 1);
                break;
            case ThriftType.Struct:
                for (int field = 0; Next(ref field, out ThriftType inner);)
                    Skip(inner, depth + 1);
                break;
            default:
                throw Malformed();
        }
    }

    private static TableFault Malformed() => new("not what Parquet writes there");

    // In a list a truth value is a byte of its own.
    private void SkipElement(ThriftType type, int depth) =>
        Skip(type is ThriftType.True or ThriftType.False ? ThriftType.Byte : type, depth);

    private int ListHead(out ThriftType element)
    {
        byte head = Byte();
        element = (ThriftType)(head & 15);
        int count = head >> 4;
        if (count < 15)
            return count;
        return Length();   // an element has at least one byte
    }

    private int Length()
    {
        ulong length = Varint();
        if (length > (ulong)(bytes.Length - Position))
            throw End();
        return (int)length;
    }

    private long Zigzag()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return value;
        }
        throw Malformed();
    }

    private byte Byte() => Position < bytes.Length ? bytes[Position++] : throw End();

    private TableFault End()
    {
        Ended = true;
        return new TableFault("ends too early");
    }
}
