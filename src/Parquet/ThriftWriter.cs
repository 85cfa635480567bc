using System.Buffers;
using System.Text;

namespace GauRuntime.Parquet;

/// <summary>Writes Thrift's compact protocol: structs field by field, in ascending order.</summary>
internal sealed class ThriftWriter(ArrayBufferWriter<byte> output)
{
    private readonly Stack<int> outer = new();
    private int last;

    public void Int32(int field, int value) => Int(field, ThriftType.Int32, value);

    public void Int64(int field, long value) => Int(field, ThriftType.Int64, value);

    public void Int8(int field, sbyte value)
    {
        Head(field, ThriftType.Byte);
        Byte((byte)value);
    }

    /// <summary>A truth value, which is its type.</summary>
    public void Bool(int field, bool value) => Head(field, value ? ThriftType.True : ThriftType.False);

    public void Text(int field, string value)
    {
        Head(field, ThriftType.Binary);
        Text(value);
    }

    /// <summary>Begins a list; its elements follow.</summary>
    public void List(int field, ThriftType elements, int count)
    {
        Head(field, ThriftType.List);
        if (count < 15)
        {
            Byte((byte)((count << 4) | (int)elements));
            return;
        }
        Byte((byte)(0xf0 | (int)elements));
        Varint((ulong)count);
    }

    /// <summary>An element of a list of numbers.</summary>
    public void Element(int value) => Zigzag(value);

    /// <summary>An element of a list of texts.</summary>
    public void Element(string value) => Text(value);

    /// <summary>Begins a struct that is a field.</summary>
    public void Begin(int field)
    {
        Head(field, ThriftType.Struct);
        Begin();
    }

    /// <summary>Begins a struct that is an element of a list, or the outermost.</summary>
    public void Begin()
    {
        outer.Push(last);
        last = 0;
    }

    public void End()
    {
        Byte(0);
        last = outer.Pop();
    }

    /// <summary>A struct without fields.</summary>
    public void Empty(int field)
    {
        Begin(field);
        End();
    }

    private void Int(int field, ThriftType type, long value)
    {
        Head(field, type);
        Zigzag(value);
    }

    private void Head(int field, ThriftType type)
    {
        Byte((byte)(((field - last) << 4) | (int)type));   // no struct of Parquet has gaps of more than 15
        last = field;
    }

    private void Text(string value)
    {
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, output);
    }

    private void Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
            Byte((byte)(value | 128));
        Byte((byte)value);
    }

    private void Byte(byte value) => output.Write([value]);
}
