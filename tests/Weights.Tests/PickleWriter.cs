using System.Buffers.Binary;
using System.Text;

namespace GauRuntime.Weights.Tests;

/// <summary>Writes pickles opcode by opcode, honest ones as torch does and hostile ones.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> bytes = [];

    public PickleWriter(byte protocol = 2) => Op(0x80, protocol);

    public byte[] Stop() => [.. bytes, (byte)'.'];

    public PickleWriter Op(params byte[] raw)
    {
        bytes.AddRange(raw);
        return this;
    }

    public PickleWriter Op(char opcode) => Op((byte)opcode);

    public PickleWriter Line(char opcode, params string[] lines) =>
        Op(opcode).Op(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public PickleWriter Global(string module, string name) => Line('c', module, name);

    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Op(BitConverter.GetBytes(utf8.Length)).Op(utf8);
    }

    public PickleWriter Int(long value)
    {
        byte[] raw = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(raw, value);
        return Op(0x8a, 8).Op(raw);
    }

    public PickleWriter Ints(params long[] values)
    {
        Op('(');
        foreach (long value in values)
            Int(value);
        return Op('t');
    }

    public PickleWriter Storage(string type, string key, long count, string module = "torch")
    {
        Op('(').Text("storage").Global(module, type).Text(key).Text("cpu").Int(count);
        return Op('t').Op('Q');
    }

    /// <summary>A call of _rebuild_tensor_v2 on a storage.</summary>
    public PickleWriter Tensor(string type, string key, long count, long offset, long[] size, long[] stride)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(type, key, count);
        Int(offset).Ints(size).Ints(stride).Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R');
        return Op('t').Op('R');
    }

    /// <summary>A dictionary with one entry, whose value the caller writes.</summary>
    public static byte[] Dict(string key, Action<PickleWriter> value)
    {
        PickleWriter pickle = new();
        pickle.Op('}').Text(key);
        value(pickle);
        return pickle.Op('s').Stop();
    }
}
