using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>Zip archives and legacy files that lie about their structure.</summary>
public sealed class HostileTorchContainerTests : IDisposable
{
    private static readonly byte[] Pickle = PickleWriter.Dict("t", p => p.Tensor("FloatStorage", "0", 4, 0, [4], [1]));
    private static readonly byte[] Storage = new byte[16];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private GauFormatException Refuse(byte[] file)
    {
        string path = folder.Write("hostile.bin", file);
        return Refusal.Expect(path, () => new TorchCheckpoint(path).Dispose());
    }

    private bool Survives(byte[] file)
    {
        string path = folder.Write("hostile.bin", file);
        return Refusal.Survives(() => new TorchCheckpoint(path));
    }

    public static TheoryData<string, string> HostileMembers => new()
    {
        { "compressed", "compressed" }, { "bomb", "for" }, { "encrypted", "encrypted" }, { "strong", "encrypted" },
        { "local name", "disagree" }, { "local size", "disagree" }, { "local flags", "disagree" }, { "size", "reach" },
        { "overlap", "overlaps" }, { "absolute", "leaves the archive" }, { "parent", "leaves the archive" },
        { "backslash", "leaves the archive" }, { "drive", "leaves the archive" }, { "header", "no local header" },
        { "crc", "checksum" }, { "short", "12 bytes" }, { "long", "20 bytes" }, { "big", "byte order" },
        { "twice", "twice" },
        { "second", "second data.pkl" }, { "no pickle", "no data.pkl" },
    };

    [Theory]
    [MemberData(nameof(HostileMembers))]
    public void TorchCheckpoint_HostileArchive_IsRefusedWithItsReason(string fault, string reason)
    {
        ZipPart pickle = new("m/data.pkl", Pickle), storage = new("m/data/0", Storage);
        byte[] hidden = ZipWriter.Write(new ZipPart("m/x", new byte[4]))[..37];
        uint inside = (uint)(30 + "m/data.pkl".Length + Pickle.Length + 30 + "m/data/0".Length);
        ZipPart[] parts = fault switch
        {
            "compressed" => [pickle, storage with { Method = 8 }],
            "bomb" => [pickle, storage with { CentralSize = 0xfffffffe, CentralPacked = 16 }],
            "encrypted" => [pickle, storage with { Flags = 1 }],
            "strong" => [pickle with { Flags = 1 << 6 }, storage],
            "local name" => [pickle, storage with { LocalName = "m/data/1" }],
            "local size" => [pickle, storage with { LocalSize = 15 }],
            "local flags" => [pickle, storage with { LocalFlags = 1 }],
            "size" => [pickle, storage with { CentralSize = 1 << 20 }],
            "overlap" => [pickle, storage with { Data = hidden }, new("m/x", new byte[4]) { HeaderOffset = inside }],
            "absolute" => [pickle, storage, new("/etc/passwd", [])],
            "parent" => [pickle, storage, new("m/../../x", [])],
            "backslash" => [pickle, storage, new(@"m\..\x", [])],
            "drive" => [pickle, storage, new("C:x", [])],
            "header" => [pickle, storage with { HeaderOffset = 3 }],
            "crc" => [pickle with { Crc = 12345 }, storage],
            "short" => [pickle, new("m/data/0", new byte[12])],
            "long" => [pickle, new("m/data/0", new byte[20])],
            "big" => [pickle, storage, new("m/byteorder", "big"u8.ToArray())],
            "twice" => [pickle, storage, storage],
            "second" => [pickle, storage, new("n/data.pkl", Pickle)],
            _ => [storage],
        };
        Refuse(ZipWriter.Write(parts)).Reason.Should().Contain(reason);
    }

    [Fact]
    public void TorchCheckpoint_HonestArchive_IsReadWhateverItsStem()
    {
        foreach (string stem in (string[])["m/", "", "归档/", "a/b/"])
        {
            Survives(ZipWriter.Write(new(stem + "data.pkl", Pickle), new(stem + "data/0", Storage), new(stem + "byteorder", "little"u8.ToArray())))
                .Should().BeTrue(stem);
        }
    }

    [Fact]
    public void TorchCheckpoint_ArchiveCutOrExtended_IsRefused()
    {
        byte[] whole = ZipWriter.Torch(Pickle, Storage);
        for (int cut = 1; cut < whole.Length; cut++)
            Survives(whole[..cut]).Should().BeFalse($"cut at {cut}");
        Refuse([.. whole, 0]).Reason.Should().Contain("appended");
        Refuse([.. "PK"u8, .. whole]);
    }

    [Fact]
    public void TorchCheckpoint_FlippedBits_AreFormatFaultsOrHarmless()
    {
        Random random = new(2);
        foreach (byte[] whole in (byte[][])[ZipWriter.Torch(Pickle, Storage), Legacy(Pickle)])
        {
            int survived = 0;
            for (int i = 0; i < 1_000; i++)
            {
                byte[] flipped = [.. whole];
                int bit = random.Next(whole.Length * 8);
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                if (Survives(flipped))
                    survived++;
            }
            survived.Should().BeInRange(10, 800);
        }
    }

    /// <summary>A legacy file with one storage of four floats called 0.</summary>
    private static byte[] Legacy(
        byte[] pickle, bool littleEndian = true, long protocol = 1001, long count = 4, string key = "0") =>
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        .. new PickleWriter().Int(protocol).Stop(),
        .. PickleWriter.Dict("little_endian", p => p.Op((byte)(littleEndian ? 0x88 : 0x89))),
        .. pickle,
        .. new PickleWriter().Op(']').Text(key).Op('a').Stop(),
        .. BitConverter.GetBytes(count),
        .. Storage,
    ];

    [Fact]
    public void TorchCheckpoint_LegacyContainer_IsCheckedToTheLastByte()
    {
        byte[] whole = Legacy(Pickle);
        Survives(whole).Should().BeTrue();
        for (int cut = 1; cut < whole.Length; cut++)
            Survives(whole[..cut]).Should().BeFalse($"cut at {cut}");
        Refuse([.. whole, 0]).Reason.Should().Contain("after the last storage");
        Refuse(Legacy(Pickle, littleEndian: false)).Reason.Should().Contain("little-endian");
        Refuse(Legacy(Pickle, protocol: 1002)).Reason.Should().Contain("1001");
        Refuse(Legacy(Pickle, count: 3));
        Refuse(Legacy(Pickle, count: -1)).Reason.Should().Contain("does not fit");
        Refuse(Legacy(Pickle, count: long.MaxValue)).Reason.Should().Contain("does not fit");
        Refuse(Legacy(Pickle, key: "1")).Reason.Should().Contain("does not use");
        Refuse(new PickleWriter().Int(5).Stop()).Reason.Should().Contain("not torch's");
        Refuse(Legacy(new PickleWriter().Global("os", "system").Stop())).Reason.Should().Contain("os.system");
    }

    [Fact]
    public void TorchCheckpoint_TarArchive_IsNamed()
    {
        byte[] tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Refuse(tar).Reason.Should().Contain("tar archive");
    }
}
