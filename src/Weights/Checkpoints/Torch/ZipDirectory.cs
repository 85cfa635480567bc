using System.Buffers.Binary;
using System.Text;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>A stored (uncompressed) file inside a zip archive.</summary>
internal readonly record struct ZipMember(string Name, long Offset, long Length, uint Crc);

/// <summary>
/// The members of a zip archive as torch writes it: all stored, so that nothing can inflate. Central directory and local
/// headers must agree, and no two members may share a byte.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int EndSize = 22, CentralSize = 46, LocalSize = 30, LongestComment = 65535;
    private const int Encrypted = 1 | 1 << 6 | 1 << 13, SizesFollow = 1 << 3;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly FileView file;
    private readonly List<(ZipMember Member, long Header)> members = [];

    private ZipDirectory(FileView file) => this.file = file;

    /// <summary>Reads and checks the whole directory.</summary>
    public static Dictionary<string, ZipMember> Read(FileView file)
    {
        ZipDirectory directory = new(file);
        (long start, long size, long count) = directory.FindCentral();
        directory.ReadCentral(start, size, count);
        Dictionary<string, ZipMember> byName = new(StringComparer.Ordinal);
        foreach ((ZipMember member, _) in directory.members)
            if (!byName.TryAdd(member.Name, member)) throw directory.Fault(start, $"member '{member.Name}' occurs twice");
        return byName;
    }

    private (long Start, long Size, long Count) FindCentral()
    {
        long end = FindEnd();
        long count = U16(end + 10), size = U32(end + 12), start = U32(end + 16), limit = end;
        if (U16(end + 4) is not (0 or 0xFFFF) || U16(end + 6) is not (0 or 0xFFFF) || U16(end + 8) != count)
            throw Fault(end, "an archive in several parts");
        if (end >= 20 && U32(end - 20) == Locator64Signature)
        {
            long end64 = I64(end - 12);
            if (end64 < 0 || end64 > end - 20 - 56 || U32(end64) != End64Signature) throw Fault(end - 20, "zip64 record is missing");
            (count, size, start, limit) = (I64(end64 + 32), I64(end64 + 40), I64(end64 + 48), end64);
        }
        if (start < 0 || size < 0 || start > limit - size || start + size != limit || count < 0 || count > size / CentralSize)
            throw Fault(end, "the central directory lies outside of the file");
        return (start, size, count);
    }

    private long FindEnd()
    {
        if (file.Length >= EndSize)
        {
            long lowest = Math.Max(0, file.Length - EndSize - LongestComment);
            for (long at = file.Length - EndSize; at >= lowest; at--)
                if (U32(at) == EndSignature && at + EndSize + U16(at + 20) == file.Length) return at;
        }
        throw Fault(file.Length, "no end of central directory: truncated, or bytes appended");
    }

    private void ReadCentral(long start, long size, long count)
    {
        long at = start, end = start + size;
        for (long i = 0; i < count; i++)
        {
            if (at > end - CentralSize || U32(at) != CentralSignature) throw Fault(at, "no central header here");
            int name = U16(at + 28), extra = U16(at + 30), comment = U16(at + 32);
            if (at + CentralSize + name + extra + comment > end) throw Fault(at, "a central header reaches beyond its end");
            ReadMember(at, name, extra, start);
            at += CentralSize + name + extra + comment;
        }
        if (at != end) throw Fault(at, "the central directory holds more than it counts");
        members.Sort((a, b) => a.Header.CompareTo(b.Header));
        for (int i = 1; i < members.Count; i++)
            if (members[i].Header < members[i - 1].Member.Offset + members[i - 1].Member.Length)
                throw Fault(members[i].Header, $"member '{members[i].Member.Name}' overlaps the one before it");
    }

    private void ReadMember(long at, int nameLength, int extraLength, long directory)
    {
        string name = Name(at + CentralSize, nameLength);
        string place = $"member '{name}'";
        int flags = U16(at + 8), method = U16(at + 10);
        if ((flags & Encrypted) != 0) throw Fault(place, "encrypted");
        if (method != 0) throw Fault(place, $"compressed (method {method}); torch stores its members");
        long packed = U32(at + 20), length = U32(at + 24), header = U32(at + 42);
        ReadOnlySpan<byte> extra = file.Span(at + CentralSize + nameLength, extraLength);
        Widen(ref extra, place, ref length, ref packed, ref header);
        if (packed != length) throw Fault(place, $"stored, yet {packed} bytes for {length}");
        if (header > directory - LocalSize || U32(header) != LocalSignature) throw Fault(place, $"no local header at {header}");
        long data = header + LocalSize + U16(header + 26) + U16(header + 28);
        if (data > directory || length > directory - data) throw Fault(place, $"its {length} bytes reach beyond the data");
        CheckLocal(place, header, flags, length, file.Span(at + CentralSize, nameLength));
        members.Add((new ZipMember(name, data, length, U32(at + 16)), header));
    }

    private void CheckLocal(string place, long header, int flags, long length, ReadOnlySpan<byte> name)
    {
        uint packed = U32(header + 18), plain = U32(header + 22);
        bool sizes = (packed == plain && plain == length) || (packed == uint.MaxValue && plain == uint.MaxValue)
            || ((flags & SizesFollow) != 0 && packed == 0 && plain == 0);
        bool same = U16(header + 6) == flags && U16(header + 8) == 0 && sizes && U16(header + 26) == name.Length
            && file.Span(header + LocalSize, name.Length).SequenceEqual(name);
        if (!same) throw Fault(place, "local and central header disagree");
    }

    /// <summary>Values of 0xFFFFFFFF stand in the zip64 field, in this order.</summary>
    private void Widen(ref ReadOnlySpan<byte> extra, string place, ref long length, ref long packed, ref long header)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4) break;
            ReadOnlySpan<byte> field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id != 1) continue;
            Take(ref field, ref length);
            Take(ref field, ref packed);
            Take(ref field, ref header);
        }
        if (length < 0 || packed < 0 || header < 0) throw Fault(place, "negative size");

        static void Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value != uint.MaxValue || field.Length < 8) return;
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    private string Name(long offset, int length)
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
        if (name.Length == 0 || name[0] == '/' || drive || name.Contains('\\') || name.Contains('\0') || name.Split('/').Contains(".."))
            throw Fault($"member '{name}'", "a name that leaves the archive refused");
        return name;
    }

    private ushort U16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(file.Span(offset, 2));

    private uint U32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(file.Span(offset, 4));

    private long I64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(file.Span(offset, 8));

    private GauFormatException Fault(long offset, string reason) => Fault($"offset {offset}", reason);

    private GauFormatException Fault(string place, string reason) => new(file.Path, place, reason);
}
