using System.Buffers.Binary;
using System.Text;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>A stored (uncompressed) file inside a zip archive.</summary>
/// <param name="Name">Its name; it does not leave the archive.</param>
/// <param name="Header">Offset of its local header.</param>
/// <param name="Offset">Offset of its data.</param>
/// <param name="Length">Size of its data in bytes.</param>
/// <param name="Crc">CRC-32 of its data, 0 when not computed.</param>
internal readonly record struct ZipMember(string Name, long Header, long Offset, long Length, uint Crc)
{
    /// <summary>Bytes of a central header before its name.</summary>
    public const int CentralSize = 46;

    private const uint LocalSignature = 0x04034b50;
    private const int LocalSize = 30;
    private const int Encrypted = 1 | 1 << 6 | 1 << 13, SizesFollow = 1 << 3;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the central header at an offset and checks it against the local one.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="at">The central header, known to lie in the file with its name and extra field.</param>
    /// <param name="nameLength">Bytes of the name.</param>
    /// <param name="extraLength">Bytes of the extra field.</param>
    /// <param name="directory">Where the central directory starts and the data must have ended.</param>
    public static ZipMember Read(FileView file, long at, int nameLength, int extraLength, long directory)
    {
        string name = ReadName(file, at + CentralSize, nameLength);
        int flags = file.UInt16At(at + 8), method = file.UInt16At(at + 10);
        if ((flags & Encrypted) != 0)
            throw Fault(file, name, "encrypted");
        if (method != 0)
            throw Fault(file, name, $"compressed (method {method}): a zip archive, but not torch's");
        long packed = file.UInt32At(at + 20), length = file.UInt32At(at + 24), header = file.UInt32At(at + 42);
        Widen(file.Span(at + CentralSize + nameLength, extraLength), ref length, ref packed, ref header);
        if (length < 0 || packed != length || header < 0)
            throw Fault(file, name, $"stored, yet {packed} bytes for {length}");
        if (header > directory - LocalSize || file.UInt32At(header) != LocalSignature)
            throw Fault(file, name, $"no local header at {header}");
        long data = header + LocalSize + file.UInt16At(header + 26) + file.UInt16At(header + 28);
        if (data > directory || length > directory - data)
            throw Fault(file, name, $"its {length} bytes reach beyond the data");
        if (!LocalAgrees(file, header, flags, length, file.Span(at + CentralSize, nameLength)))
            throw Fault(file, name, "local and central header disagree");
        return new ZipMember(name, header, data, length, file.UInt32At(at + 16));
    }

    private static bool LocalAgrees(FileView file, long header, int flags, long length, ReadOnlySpan<byte> name)
    {
        uint packed = file.UInt32At(header + 18), plain = file.UInt32At(header + 22);
        bool sizes = (packed == plain && plain == length) || (packed == uint.MaxValue && plain == uint.MaxValue)
            || ((flags & SizesFollow) != 0 && packed == 0 && plain == 0);
        return sizes && file.UInt16At(header + 6) == flags && file.UInt16At(header + 8) == 0
            && file.UInt16At(header + 26) == name.Length
                && file.Span(header + LocalSize, name.Length).SequenceEqual(name);
    }

    /// <summary>Values of 0xFFFFFFFF stand in the zip64 field (id 1), in this order.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long header)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
                return;
            ReadOnlySpan<byte> field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id != 1)
                continue;
            Take(ref field, ref length);
            Take(ref field, ref packed);
            Take(ref field, ref header);
        }

        static void Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value != uint.MaxValue || field.Length < sizeof(long))
                return;
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[sizeof(long)..];
        }
    }

    private static string ReadName(FileView file, long offset, int length)
    {
        string name;
        try
        {
            name = StrictUtf8.GetString(file.Span(offset, length));
        }
        catch (DecoderFallbackException e)
        {
            throw new GauFormatException(file.Path, $"offset {offset}", "a member's name is not valid UTF-8", e);
        }
        bool drive = name.Length > 1 && name[1] == ':';
        bool odd = name.Length == 0 || name.Contains('\\') || name.Contains('\0');
        if (odd || drive || name[0] == '/' || name.Split('/').Contains(".."))
            throw Fault(file, name, "a name that leaves the archive refused");
        return name;
    }

    private static GauFormatException Fault(FileView file, string name, string reason) =>
        new(file.Path, $"member '{name}'", reason);
}
