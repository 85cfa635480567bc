using System.IO.Hashing;
using System.Text;

namespace GauRuntime.Weights.Tests;

/// <summary>A member of a zip archive with every field open to lies.</summary>
internal sealed record ZipPart(string Name, byte[] Data)
{
    public string? LocalName { get; init; }
    public ushort Method { get; init; }
    public ushort Flags { get; init; }
    public ushort? LocalFlags { get; init; }
    public uint? LocalSize { get; init; }
    public uint? CentralSize { get; init; }
    public uint? CentralPacked { get; init; }
    public uint? Crc { get; init; }
    public uint? HeaderOffset { get; init; }
}

/// <summary>Writes zip archives of stored members.</summary>
internal static class ZipWriter
{
    public static byte[] Write(params ZipPart[] parts)
    {
        using MemoryStream zip = new();
        List<byte> central = [];
        foreach (ZipPart part in parts)
        {
            uint offset = (uint)zip.Position, crc = part.Crc ?? Crc32.HashToUInt32(part.Data),
                size = (uint)part.Data.Length;
            byte[] name = Encoding.UTF8.GetBytes(part.Name),
                local = Encoding.UTF8.GetBytes(part.LocalName ?? part.Name);
            zip.Write(Bytes(0x04034b50u, (ushort)20, part.LocalFlags ?? part.Flags, part.Method, 0u, crc,
                part.LocalSize ?? size, part.LocalSize ?? size, (ushort)local.Length, (ushort)0));
            zip.Write(local);
            zip.Write(part.Data);
            central.AddRange(Bytes(0x02014b50u, (ushort)20, (ushort)20, part.Flags, part.Method, 0u, crc,
                part.CentralPacked ?? part.CentralSize ?? size, part.CentralSize ?? size, (ushort)name.Length,
                (ushort)0, (ushort)0,
                (ushort)0, (ushort)0, 0u, part.HeaderOffset ?? offset));
            central.AddRange(name);
        }
        uint start = (uint)zip.Position;
        zip.Write([.. central]);
        zip.Write(Bytes(0x06054b50u, (ushort)0, (ushort)0, (ushort)parts.Length, (ushort)parts.Length, (uint)central.Count, start, (ushort)0));
        return zip.ToArray();
    }

    /// <summary>A torch archive: its pickle, and storages called 0, 1, ….</summary>
    public static byte[] Torch(byte[] pickle, params byte[][] storages) => Write(
    [
        new ZipPart("m/data.pkl", pickle),
        .. storages.Select((data, key) => new ZipPart($"m/data/{key}", data)),
        new ZipPart("m/version", "3\n"u8.ToArray()),
    ]);

    private static byte[] Bytes(params object[] fields)
    {
        List<byte> bytes = [];
        foreach (object field in fields)
            bytes.AddRange(field is ushort small ? BitConverter.GetBytes(small) : BitConverter.GetBytes((uint)field));
        return [.. bytes];
    }
}
