using System.Buffers.Binary;
using System.IO.Hashing;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;

namespace GauRuntime.Fuzz.Targets;

/// <summary>What <c>gau index</c> has written, and shares read by it.</summary>
internal static class IndexTargets
{
    private const int Block = 16, DigestLength = 16;

    private static readonly byte[] Content = "id,text\r\n1,\"a\r\nb\"\r\n2,c\r\n3,\"d\"\"\"\r\n4,e\r\n5,f\r\n6,g"u8.ToArray();

    public static IEnumerable<FuzzTarget> All =>
    [
        new("index", Seeds, input => Use(IndexFile.Read(input.Bytes, "index"))),
        new("index-sealed", Seeds, input => Use(IndexFile.Read(Seal(input.Bytes), "index"))),
    ];

    private static InputFile Input => new("in.csv", RecordFormat.Csv, Content.Length, () => new MemoryStream(Content));

    // An index may be wrong: what is read by it then are other records, or a refusal.
    private static void Use(InputIndex index)
    {
        for (int i = 0; i < 3; i++)
        {
            using RecordSource source = new([Input], new RecordFields(), shard: new Shard(i, 3))
            {
                BlockLength = Block, Index = index,
            };
            _ = source.Jump(2);
            while (source.Next() is not null)
            {
            }
        }
    }

    private static IEnumerable<byte[]> Seeds()
    {
        InputIndex index = InputIndex.Make(
            [Input], new RecordFields(), 1, null, Block, inBlocks: true, CancellationToken.None);
        using MemoryStream file = new();
        index.Write(file);
        return [file.ToArray()];
    }

    // Gives the bytes the checksum that they have.
    private static byte[] Seal(byte[] file)
    {
        if (file.Length < DigestLength)
            return file;
        byte[] sealedFile = [.. file];
        BinaryPrimitives.WriteUInt128LittleEndian(
            sealedFile.AsSpan(^DigestLength..), XxHash128.HashToUInt128(file.AsSpan(..^DigestLength)));
        return sealedFile;
    }
}
