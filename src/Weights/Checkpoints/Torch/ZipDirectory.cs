using System.Text;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// The members of a zip archive as torch writes it: all stored, so that nothing can inflate. Central directory and
/// local headers must agree, and no two members may share a byte.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint CentralSignature = 0x02014b50, EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int EndSize = 22, CentralSize = ZipMember.CentralSize, LongestComment = 65535;

    private readonly FileView file;
    private readonly List<ZipMember> members = [];

    private ZipDirectory(FileView file) => this.file = file;

    /// <summary>Reads and checks the whole directory.</summary>
    public static Dictionary<string, ZipMember> Read(FileView file)
    {
        ZipDirectory directory = new(file);
        (long start, long size, long count) = directory.FindCentral();
        directory.ReadCentral(start, size, count);
        Dictionary<string, ZipMember> byName = new(StringComparer.Ordinal);
        foreach (ZipMember member in directory.members)
            if (!byName.TryAdd(member.Name, member))
                throw directory.Fault(start, $"member '{member.Name}' occurs twice");
        return byName;
    }

    /// <summary>The names of the members of any archive, also of one that is not torch's.</summary>
    public static IReadOnlyList<string> Names(FileView file)
    {
        ZipDirectory directory = new(file);
        (long start, long size, long count) = directory.FindCentral();
        return
        [
            .. directory.Headers(start, size, count)
                .Select(header => Encoding.UTF8.GetString(file.Span(header.At + CentralSize, header.Name))),
        ];
    }

    private (long Start, long Size, long Count) FindCentral()
    {
        long end = FindEnd();
        long count = file.UInt16At(end + 10), size = file.UInt32At(end + 12), start = file.UInt32At(end + 16);
        long limit = end;
        if (file.UInt16At(end + 4) is not (0 or 0xFFFF) || file.UInt16At(end + 6) is not (0 or 0xFFFF)
            || file.UInt16At(end + 8) != count)
            throw Fault(end, "an archive in several parts");
        if (end >= 20 && file.UInt32At(end - 20) == Locator64Signature)
        {
            long end64 = file.Int64At(end - 12);
            if (end64 < 0 || end64 > end - 20 - 56 || file.UInt32At(end64) != End64Signature)
                throw Fault(end - 20, "zip64 record is missing");
            (count, size) = (file.Int64At(end64 + 32), file.Int64At(end64 + 40));
            (start, limit) = (file.Int64At(end64 + 48), end64);
        }
        if (start < 0 || size < 0 || start > limit - size || start + size != limit || count < 0
            || count > size / CentralSize)
            throw Fault(end, "the central directory lies outside of the file");
        return (start, size, count);
    }

    private long FindEnd()
    {
        if (file.Length >= EndSize)
        {
            long lowest = Math.Max(0, file.Length - EndSize - LongestComment);
            for (long at = file.Length - EndSize; at >= lowest; at--)
                if (file.UInt32At(at) == EndSignature && at + EndSize + file.UInt16At(at + 20) == file.Length)
                    return at;
        }
        throw Fault(file.Length, "a zip archive, as PyTorch writes, with no end of central directory: the file was cut "
            + "short, or has bytes appended; copy or download it again");
    }

    private void ReadCentral(long start, long size, long count)
    {
        foreach ((long at, int name, int extra) in Headers(start, size, count))
            members.Add(ZipMember.Read(file, at, name, extra, start));
        members.Sort((a, b) => a.Header.CompareTo(b.Header));
        for (int i = 1; i < members.Count; i++)
            if (members[i].Header < members[i - 1].Offset + members[i - 1].Length)
                throw Fault(members[i].Header, $"member '{members[i].Name}' overlaps the one before it");
    }

    /// <summary>The central headers: where each is, and the bytes of its name and of its extra field.</summary>
    private IEnumerable<(long At, int Name, int Extra)> Headers(long start, long size, long count)
    {
        long at = start, end = start + size;
        for (long i = 0; i < count; i++)
        {
            if (at > end - CentralSize || file.UInt32At(at) != CentralSignature)
                throw Fault(at, "no central header here");
            int name = file.UInt16At(at + 28), extra = file.UInt16At(at + 30), comment = file.UInt16At(at + 32);
            if (at + CentralSize + name + extra + comment > end)
                throw Fault(at, "a central header reaches beyond its end");
            yield return (at, name, extra);
            at += CentralSize + name + extra + comment;
        }
        if (at != end)
            throw Fault(at, "the central directory holds more than it counts");
    }

    private GauFormatException Fault(long offset, string reason) => new(file.Path, $"offset {offset}", reason);
}
