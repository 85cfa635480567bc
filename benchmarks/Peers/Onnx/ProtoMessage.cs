using System.Buffers;
using System.Text;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>A protobuf message being written: fields in order, each with its number.</summary>
internal sealed class ProtoMessage
{
    private const int VarintType = 0, LengthType = 2, Fixed32Type = 5;

    private readonly ArrayBufferWriter<byte> bytes = new();

    public ReadOnlySpan<byte> Bytes => bytes.WrittenSpan;

    public ProtoMessage Integer(int field, long value)
    {
        Varint(((ulong)field << 3) | VarintType);
        Varint((ulong)value);
        return this;
    }

    public ProtoMessage Float(int field, float value)
    {
        Varint(((ulong)field << 3) | Fixed32Type);
        bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoMessage Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) => Block(field, value.Bytes);

    public ProtoMessage Block(int field, ReadOnlySpan<byte> value)
    {
        Length(field, value.Length);
        bytes.Write(value);
        return this;
    }

    /// <summary>The head of a field whose bytes the caller writes after this message's.</summary>
    public ProtoMessage Length(int field, long length)
    {
        Varint(((ulong)field << 3) | LengthType);
        Varint((ulong)length);
        return this;
    }

    /// <summary>A number without a field, as lists that stand together have them.</summary>
    public ProtoMessage Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Put((byte)(value | 0x80));
        Put((byte)value);
        return this;
    }

    private void Put(byte value) => bytes.Write([value]);
}
