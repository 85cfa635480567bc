using CsCheck;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.Files;
using Xunit;

namespace GauRuntime.Weights.Tests;

public sealed class TensorFlowCheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static BundleTensor Tensor(string name, int shard = 0, int seed = 0)
    {
        byte[] data = new byte[24];
        new Random(seed).NextBytes(data);
        return new BundleTensor(name, 1, [2, 3], data) { Shard = shard };
    }

    private GauFormatException Refuse(byte[] index)
    {
        string path = folder.Write("b.index", index);
        return Refusal.Expect(path, () => new TensorFlowCheckpoint(path).Dispose());
    }

    private GauFormatException Refuse(params BundleTensor[] tensors) =>
        Refuse(new BundleWriter().Write(folder.Path("b"), tensors));

    [Theory]
    [InlineData(1, 1000, false)]
    [InlineData(1, 2, false)]
    [InlineData(3, 1, false)]
    [InlineData(3, 4, true)]
    [InlineData(2, 1000, true)]
    public void TensorFlowCheckpoint_ShardsBlocksAndSnappy_AreRead(int shards, int perBlock, bool snappy)
    {
        BundleTensor[] tensors =
            [.. Enumerable.Range(0, 20).Select(i => Tensor($"layer_{i:D2}/dense/kernel/变量", i % shards, i))];
        BundleWriter writer = new() { Shards = shards, EntriesPerBlock = perBlock, UseSnappy = snappy };
        folder.Write("b.index", writer.Write(folder.Path("b"), tensors));
        using TensorFlowCheckpoint checkpoint = new(folder.Path("b"));
        checkpoint.Tensors.Select(tensor => tensor.Name).Should().Equal(tensors.Select(tensor => tensor.Name));
        byte[] read = new byte[24];
        for (int i = 0; i < tensors.Length; i++)
        {
            checkpoint.Read(checkpoint.Tensors[i], read);
            read.Should().Equal(tensors[i].Data);
        }
    }

    [Fact]
    public void TensorFlowCheckpoint_EveryDtype_IsListed()
    {
        (int Dtype, ElementType Type)[] types =
        [
            (1, ElementType.Float32), (2, ElementType.Float64), (3, ElementType.Int32), (4, ElementType.UInt8),
            (5, ElementType.Int16), (6, ElementType.Int8), (9, ElementType.Int64), (10, ElementType.Bool),
            (14, ElementType.BFloat16), (17, ElementType.UInt16), (19, ElementType.Float16), (22, ElementType.UInt32),
            (23, ElementType.UInt64),
        ];
        BundleTensor[] tensors =
        [
            .. types.Select(
                (type, i) => new BundleTensor($"t{i:D2}", type.Dtype, [], new byte[Elements.Width(type.Type)])),
            new("words", 7, [2], [1, 1, 0, 0, 0, 0, (byte)'a', (byte)'b']),
            new("empty", 1, [0, 4], []),
        ];
        folder.Write("b.index", new BundleWriter().Write(folder.Path("b"), tensors));
        using TensorFlowCheckpoint checkpoint = new(folder.Path("b.index"));
        checkpoint.Tensors.Where(tensor => tensor.Name[0] == 't').Select(tensor => tensor.Type).Should().Equal(
            types.Select(type => type.Type));
        TensorEntry words = checkpoint.Tensors.Single(tensor => tensor.Name == "words");
        words.Type.Should().Be(ElementType.String);
        checkpoint.Invoking(c => c.Read(words, [])).Should().Throw<ArgumentException>();
        checkpoint.Read(checkpoint.Tensors.Single(tensor => tensor.Name == "empty"), []);
    }

    [Fact]
    public void TensorFlowCheckpoint_LoneIndex_IsListedAndNamesTheMissingShard()
    {
        folder.Write("b.index", new BundleWriter { Shards = 2 }.Write(folder.Path("b"), Tensor("x", 1)));
        File.Delete(folder.Path("b.data-00001-of-00002"));
        using TensorFlowCheckpoint checkpoint = new(folder.Path("b.index"));
        checkpoint.Tensors.Single().Shape.Should().Equal(2, 3);
        checkpoint.Invoking(c => c.Read(c.Tensors[0], new byte[24]))
            .Should().Throw<FileNotFoundException>().WithMessage("*b.data-00001-of-00002*");
    }

    [Fact]
    public void CheckpointFile_DataFileWithoutIndex_NamesTheMissingIndex()
    {
        new BundleWriter().Write(folder.Path("b"), Tensor("x"));
        foreach (Action open in (Action[])
            [
                () => CheckpointFile.Open(folder.Path("b.data-00000-of-00001")),
                () => _ = new TensorFlowCheckpoint(folder.Path("b.data-00000-of-00001"))])
            open.Should().Throw<FileNotFoundException>().WithMessage("*b.index*");
    }

    [Fact]
    public void TensorFlowCheckpoint_PartitionedVariable_IsListedAndRefusedWhenRead()
    {
        BundleTensor whole = new("w", 1, [4, 3], []) { Extra = BundleWriter.Field(7, []) };
        BundleTensor slice = new("\0w\0\u0001x", 1, [2, 3], new byte[24]);
        folder.Write("b.index", new BundleWriter().Write(folder.Path("b"), whole, slice));
        using TensorFlowCheckpoint checkpoint = new(folder.Path("b"));
        checkpoint.Tensors.Single().Shape.Should().Equal(4, 3);
        checkpoint.Invoking(c => c.Read(c.Tensors[0], new byte[48]))
            .Should().Throw<GauFormatException>().Which.Reason.Should().Contain("slices");
    }

    [Fact]
    public void TensorFlowCheckpoint_DamagedData_IsReportedWhenRead()
    {
        folder.Write("b.index", new BundleWriter().Write(folder.Path("b"), Tensor("x")));
        byte[] data = File.ReadAllBytes(folder.Path("b.data-00000-of-00001"));
        data[5] ^= 4;
        folder.Write("b.data-00000-of-00001", data);
        using TensorFlowCheckpoint checkpoint = new(folder.Path("b"));
        checkpoint.Invoking(c => c.Read(c.Tensors[0], new byte[24]))
            .Should().Throw<GauFormatException>().Which.Reason.Should().Contain("checksum");
    }

    [Fact]
    public void TensorFlowCheckpoint_FilesCutAnywhere_AreRefused()
    {
        byte[] index = new BundleWriter { EntriesPerBlock = 2 }.Write(folder.Path("b"), Tensor("x"), Tensor("y"));
        for (int cut = 1; cut < index.Length; cut++)
            Refuse(index[..cut]);
        byte[] data = File.ReadAllBytes(folder.Path("b.data-00000-of-00001"));
        for (int cut = 1; cut < data.Length; cut++)
        {
            folder.Write("b.data-00000-of-00001", data.AsSpan(0, cut));
            Refuse(index).Reason.Should().Contain("ends at");
        }
    }

    [Fact]
    public void TensorFlowCheckpoint_FlippedBits_AreFormatFaultsOrMissingFiles()
    {
        byte[] index = new BundleWriter { UseSnappy = true, EntriesPerBlock = 2 }.Write(
            folder.Path("b"), Tensor("x"), Tensor("y"));
        for (int bit = 0; bit < index.Length * 8; bit++)
        {
            byte[] flipped = [.. index];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            string path = folder.Write("b.index", flipped);
            // Only the zeros that fill up the footer may change unnoticed.
            if (Refusal.Survives(() => new TensorFlowCheckpoint(path)))
                (bit / 8).Should().BeInRange(index.Length - 48, index.Length - 9);
        }
    }

    [Fact]
    public void TensorFlowCheckpoint_EntriesThatLie_AreRefusedWithTheirReason()
    {
        Refuse(Tensor("x") with { Size = 20 }).Reason.Should().Contain("shape and type make 24");
        Refuse(Tensor("x") with { Offset = 1 }).Reason.Should().Contain("ends at 25");
        Refuse(Tensor("x") with { Offset = ulong.MaxValue }).Reason.Should().Contain("overflow");
        Refuse(Tensor("x") with { Shard = 1 }).Reason.Should().Contain("shard 1 of 1");
        Refuse(Tensor("x") with { Dtype = 99 }).Reason.Should().Contain("dtype 99");
        Refuse(Tensor("x") with { Shape = [1L << 32, 1L << 32] }).Reason.Should().Contain("overflow");
        Refuse(Tensor("x") with { Shape = [-1] }).Reason.Should().Contain("negative");
        Refuse(Tensor("x") with { Shape = [.. Enumerable.Repeat(1L, 255)] }).Reason.Should().Contain("64");
        Refuse(Tensor("x") with { Extra = [0xff] }).Reason.Should().Contain("malformed");
        Refuse(Tensor("x") with { Extra = BundleWriter.Field(2, BundleWriter.Field(3, 1UL)) }).Reason.Should()
            .Contain("rank");
    }

    [Fact]
    public void TensorFlowCheckpoint_HeadersOfOtherFormats_AreNamed()
    {
        byte[] With(byte[] header) => new BundleWriter { Header = header }.Write(folder.Path("b"), Tensor("x"));
        Refuse(With([.. BundleWriter.Field(1, 1UL), .. BundleWriter.Field(2, 1UL)])).Reason.Should()
            .Contain("big-endian");
        Refuse(With(BundleWriter.Field(1, [1, 2, 3]))).Reason.Should().Contain("V1");
        Refuse(With([.. BundleWriter.Field(1, 1UL), .. BundleWriter.Field(3, BundleWriter.Field(2, 2UL))])).Reason.Should().Contain("version 2");
        Refuse(With([])).Reason.Should().Contain("0 shards");
        Refuse(new BundleWriter().Table([("x"u8.ToArray(), [])])).Reason.Should().Contain("header is missing");
    }

    [Fact]
    public void TensorFlowCheckpoint_TablesThatLie_AreRefusedWithTheirReason()
    {
        BundleWriter writer = new();
        (byte[], byte[]) header = ([], BundleWriter.Field(1, 1UL));
        Refuse(
            writer.Table([header, ("b"u8.ToArray(), []), ("a"u8.ToArray(), [])])).Reason.Should().Contain("ascending");
        Refuse(writer.Table([header, ([0xc3, 0x28], [])])).Reason.Should().Contain("UTF-8");
        // shares more than there is
        Refuse(OneBlock([5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])).Reason.Should().Contain("malformed");
        // value beyond the block
        Refuse(OneBlock([0, 0, 100, 0, 0, 0, 0, 1, 0, 0, 0])).Reason.Should().Contain("malformed");
        // restarts beyond the block
        Refuse(OneBlock([0xff, 0xff, 0xff, 0x7f])).Reason.Should().Contain("malformed");
        Refuse(OneBlock([])).Reason.Should().Contain("malformed");
        // nothing but restarts: the index could name it again and again
        Refuse(OneBlock([0, 0, 0, 0, 1, 0, 0, 0])).Reason.Should().Contain("a data block is empty");
        Refuse(OneBlock([0xff, 0xff, 0xff, 0xff, 0x0f, 0], compression: 1)).Reason.Should().Contain("snappy");
        Refuse(OneBlock([4, 0], compression: 2)).Reason.Should().Contain("compression 2");
        Refuse(OneBlock([0, 0, 0, 0], handle: [0, 0xff, 0xff, 0x03])).Reason.Should().Contain("outside");
        Refuse(OneBlock([0, 0, 0, 0], handle: [0x80])).Reason.Should().Contain("handle");
    }

    [Fact]
    public void TensorFlowCheckpoint_AlteredBlocksWithCorrectChecksums_AreFormatFaultsOrHarmless()
    {
        byte[] tensor =
            [.. BundleWriter.Field(1, 1UL), .. BundleWriter.Field(2, BundleWriter.Field(2, BundleWriter.Field(1, 3UL))),
            .. BundleWriter.Field(5, 12UL), 6 << 3 | 5, .. BitConverter.GetBytes(BundleWriter.Masked(new byte[12]))];
        byte[] block = BundleWriter.Block(
            [([], BundleWriter.Field(1, 1UL)), ("layer/a"u8.ToArray(), tensor), ("layer/b"u8.ToArray(), tensor)]);
        folder.Write("b.data-00000-of-00001", new byte[64]);
        Random random = new(3);
        int survived = 0;
        for (int i = 0; i < 2_000; i++)
        {
            byte compression = (byte)(i % 2);
            byte[] altered = compression == 1 ? SnappyWriter.Compress(block) : [.. block];
            for (int change = random.Next(1, 4); change > 0; change--)
                altered[random.Next(altered.Length)] = (byte)random.Next(256);
            string path = folder.Write("b.index", OneBlock(altered, compression));
            if (Refusal.Survives(() => new TensorFlowCheckpoint(path)))
                survived++;
        }
        survived.Should().BeInRange(1, 1_000);
    }

    /// <summary>A table with correct checksums around a data block of the given bytes.</summary>
    private static byte[] OneBlock(byte[] contents, byte compression = 0, byte[]? handle = null)
    {
        BundleWriter writer = new();
        byte[] stored = [.. contents, compression];
        List<byte> file = [.. stored, .. BitConverter.GetBytes(BundleWriter.Masked(stored))];
        byte[] meta = writer.AddBlock(file, BundleWriter.Block([]));
        byte[] index = writer.AddBlock(
            file,
            BundleWriter.Block([("z"u8.ToArray(), handle ?? [0, .. BundleWriter.Varint((ulong)contents.Length)])]));
        byte[] footer = [.. meta, .. index];
        return [.. file, .. footer, .. new byte[40 - footer.Length], .. BitConverter.GetBytes(0xdb4775248b80fb57UL)];
    }

    [Fact]
    public void Snappy_AnyBytes_AreRestored() =>
        Gen.Select(Gen.Byte[0, 3].Array[0, 400], Gen.Byte.Array[0, 400]).Sample((repetitive, noise) =>
        {
            byte[] data = [.. repetitive, .. noise, .. repetitive, .. noise];
            Snappy.Decompress(SnappyWriter.Compress(data)).Should().Equal(data);
        }, iter: 200);

    [Fact]
    public void Snappy_MalformedBlocks_AreRefused()
    {
        foreach (byte[] block in (byte[][])[[], [4], [4, 0], [1, 4, 65], [4, 1, 1], [4, 0, 65, 1, 0], [4, 0, 65, 1, 2], [2, 0, 65, 1, 1],
            [200, 1, 0, 65], [8, 240], [8, 252, 255, 255, 255, 255], [5, 0, 65, 3, 1, 0, 0],
            [5, 0, 65, 3, 1, 0, 0, 128]])
            Snappy.Decompress(block).Should().BeNull(Convert.ToHexString(block));
        Snappy.Decompress([5, 0, 65, 1, 1]).Should().Equal("AAAAA"u8.ToArray());
    }

    [Fact]
    public void Crc32C_KnownAndRandomBytes_EqualsTheBitwiseDefinition()
    {
        // Check value of CRC-32C, and 32 zero bytes from RFC 3720, appendix B.4.
        Crc32C.Compute("123456789"u8).Should().Be(0xE3069283);
        Crc32C.Compute(new byte[32]).Should().Be(0x8A9136AA);
        Gen.Byte.Array[0, 40].Sample(data => Crc32C.Compute(data) == BundleWriter.Crc(data), iter: 200);
    }
}
