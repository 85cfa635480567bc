using System.Buffers.Binary;
using GauRuntime.Weights.Files;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Walks varints and protobuf fields. Every method returns false at malformed input.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> rest = data;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    /// <summary>Number of the field that <see cref="TryField"/> read.</summary>
    public int Field { get; private set; }

    /// <summary>Its value when it is a varint, a fixed32 or a fixed64.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its bytes when it is length-delimited; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its wire type: 0 varint, 1 fixed64, 2 bytes, 5 fixed32.</summary>
    public int Wire { get; private set; }

    /// <summary>Reads a varint of at most 64 bits.</summary>
    public bool TryVarint(out ulong value) => Varint.TryRead(ref rest, out value);

    /// <summary>Reads a varint that counts bytes of what follows it, or offsets into a file.</summary>
    public bool TryLength(out long value)
    {
        bool ok = TryVarint(out ulong raw) && raw <= long.MaxValue;
        value = ok ? (long)raw : 0;
        return ok;
    }

    /// <summary>Takes bytes.</summary>
    public bool TryBytes(long length, out ReadOnlySpan<byte> bytes)
    {
        bool ok = length >= 0 && length <= rest.Length;
        bytes = ok ? rest[..(int)length] : default;
        if (ok)
            rest = rest[(int)length..];
        return ok;
    }

    /// <summary>
    /// Reads the next field of a message; false also at the end of a well-formed one, when <see cref="Rest"/> is empty.
    /// </summary>
    public bool TryField()
    {
        if (rest.IsEmpty)
            return false;
        ReadOnlySpan<byte> before = rest;
        if (TryVarint(out ulong tag) && tag >> 3 is > 0 and <= int.MaxValue && TryValue((int)(tag & 7)))
        {
            Field = (int)(tag >> 3);
            return true;
        }
        rest = before;
        return false;
    }

    private bool TryValue(int wire)
    {
        Wire = wire;
        Bytes = default;
        Number = 0;
        ReadOnlySpan<byte> bytes;
        switch (wire)
        {
            case 0:
                bool varint = TryVarint(out ulong number);
                Number = number;
                return varint;
            case 1 when TryBytes(8, out bytes):
                Number = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                return true;
            case 2 when TryLength(out long length) && TryBytes(length, out bytes):
                Bytes = bytes;
                return true;
            case 5 when TryBytes(4, out bytes):
                Number = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                return true;
            default:
                return false;
        }
    }
}
