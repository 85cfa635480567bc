using System.Buffers;
using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Memory;
using Apache.Arrow.Types;
using FluentAssertions;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Arrow;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Arrow;

public sealed class HostileArrowTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);   // of the processor; milliseconds are usual

    [Theory]
    [MemberData(nameof(ArrowInputTests.Kinds), MemberType = typeof(ArrowInputTests))]
    public void Read_OneByteChanged_IsReadOrRefusedSoon(string kind)
    {
        byte[] sound = OracleTable.Write(kind);
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = [.. sound];
            damaged[random.Next(sound.Length)] = (byte)random.Next(256);
            refused += ReadSoon(damaged) is null ? 0 : 1;
        }
        refused.Should().BeGreaterThan(50);
    }

    [Theory]
    [MemberData(nameof(ArrowInputTests.Kinds), MemberType = typeof(ArrowInputTests))]
    public void Read_Truncated_IsRefusedOrRemarked(string kind)
    {
        byte[] sound = OracleTable.Write(kind);
        int remarked = 0;
        for (int length = 0; length < sound.Length; length += kind.StartsWith("file") ? 41 : 8)
        {
            if (ReadSoon(sound[..length]) is not null)
                continue;
            using RecordSource source = new([ArrowInputTests.Input(sound[..length])], new RecordFields());
            source.Notes.Should().ContainSingle().Which.Should().Contain("does not say that it ends");
            remarked++;
        }
        remarked.Should().Be(
            kind.StartsWith("file") ? 0 : 4, "a stream may end behind its schema, its dictionary and its batches");
    }

    [Theory]
    [InlineData("", "no Arrow file, which is never empty: this has 0 bytes, as if its writing had failed")]
    [InlineData("ARROW1", "no Arrow file: too short")]
    [InlineData("ARROW1, or so it seems", "only a part of an Arrow file: it begins with ARROW1, but does not end so")]
    [InlineData("text,label\n1,2\n", "no Arrow file: this looks like text: --format csv, tsv, jsonl or txt")]
    [InlineData("PAR1\u0002\u0000", "no Arrow file: this is a Parquet file: read it as --format parquet, out of a file and no pipe")]
    [InlineData("FEA1\u0002\u0000", "no Arrow file: this is a Feather file of version 1: write it again as version 2, and name that")]
    public void Read_SomethingElse_IsNamed(string content, string reason)
    {
        GauFormatException fault = ReadSoon(System.Text.Encoding.Latin1.GetBytes(content))!;
        (fault.File, fault.Place, fault.Reason).Should().Be(("input", "metadata", reason));
    }

    [Theory]
    [InlineData(0x7fffffff, "metadata of 2147483647 bytes, which is more than there can be")]
    [InlineData(-2, "metadata of 4294967294 bytes, which is more than there can be")]
    public void Read_MetadataThatClaimTooMuch_AreRefusedBeforeTheyAreAllocated(int length, string reason)
    {
        byte[] stream = OracleTable.Write("stream");
        BinaryPrimitives.WriteInt32LittleEndian(stream.AsSpan(4), length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadSoon(stream)!.Reason.Should().Be(reason);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void Read_BodyLongerThanTheFile_IsRefusedBeforeItIsAllocated()
    {
        ReadSoon(ClaimingBody(1L << 40))!.Reason.Should().Be("data of 1099511627776 bytes, of which the file has 0");
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadSoon(ClaimingBody(1 << 30))!.Reason.Should().Be("data of 1073741824 bytes, of which the file has 0");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void ApacheArrow_BodyLongerThanTheFile_AsksForAllOfIt()
    {
        Asked asked = new();
        using ArrowStreamReader reader = new(new MemoryStream(ClaimingBody(1 << 30)), asked, leaveOpen: false);
        Action read = () => reader.ReadNextRecordBatch();
        read.Should().Throw<InsufficientMemoryException>("which is why there is a reader of our own");
        asked.Bytes.Should().Be(1 << 30);
    }

    [Theory]
    [InlineData(0, 8, 8, 3, null)]
    [InlineData(0, 4, 8, 3, "its data are corrupt: a buffer is shorter than its values")]
    [InlineData(0, 8, 8, 2, "its data are corrupt: a buffer is shorter than its values")]
    [InlineData(9, 8, 8, 3, "its data are corrupt: a buffer that does not lie in the record batch")]
    [InlineData(-1, 8, 8, 3, "its data are corrupt: a buffer that does not lie in the record batch")]
    [InlineData(0, 8, 1L << 62, 3, "its data are corrupt: a buffer that does not lie in the record batch")]
    public void Read_BuffersThatLie_AreRefused(long offsets, long offsetsLength, long texts, long length, string? reason)
    {
        (FlatBuilder batch, int header) = ArrowWriting.Message(ArrowMessageKind.RecordBatch, 16, null);
        ArrowWriting.Batch(batch, header, 1, [(1, 0)], [(0, 0), (offsets, offsetsLength), (texts, length)]);
        byte[] body = [0, 0, 0, 0, 3, 0, 0, 0, .. "abc"u8, 0, 0, 0, 0, 0];
        List<TextRecord> records = [];
        GauFormatException? fault = ReadSoon([.. Framed(Schema("text")), .. Framed(batch), .. body], records);
        fault?.Reason.Should().Be(reason);
        (fault is null).Should().Be(reason is null);
        if (fault is null)
            records.Single().Text.Should().Be("abc");
        else
            fault.Place.Should().BeOneOf("record batch 0", "metadata");
    }

    [Theory]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public void Read_CompressedBufferThatClaimsWhatItDoesNotMake_IsRefusedBeforeItIsAllocated(string codec)
    {
        byte[] stream = OracleTable.Write($"stream {codec}");
        // The length that stands before the first frame.
        int frame = stream.AsSpan().IndexOf(codec == "lz4" ? [0x04, 0x22, 0x4d, 0x18] : (byte[])[0x28, 0xb5, 0x2f, 0xfd]);
        BinaryPrimitives.WriteInt64LittleEndian(stream.AsSpan(frame - 8), 1 << 29);
        ReadSoon(stream);   // what the decompressor itself needs once
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadSoon(stream)!.Reason.Should().Be("its data are corrupt: a compressed buffer does not make 536870912 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void Read_RowsThatTakeNoBytes_AreRefused()
    {
        (FlatBuilder batch, int header) = ArrowWriting.Message(ArrowMessageKind.RecordBatch, 0, null);
        ArrowWriting.Batch(batch, header, int.MaxValue, [(int.MaxValue, 0)], [(0, 0), (0, 0), (0, 0)]);
        ReadSoon([.. Framed(Schema("text")), .. Framed(batch)])!.Reason
            .Should().Be("a record batch of 0 bytes claims 2147483647 rows");
    }

    [Fact]
    public void Read_SchemaThatRefersToItselfAgainAndAgain_IsRefusedSoon()
    {
        // Each field has twenty children that are one and the same.
        const int Children = 20, Struct = 13;
        FlatBuilder message = new();
        int[] places = message.Table(
            FlatBuilder.Root, new FlatValue(0, 2, 4), new FlatValue(1, 1, 1), FlatValue.Reference(2));
        int reference = message.Vector(message.Table(places[0], FlatValue.Reference(1))[0], Children, 4, 4);
        List<int> vectors = [reference];
        for (int depth = 0; depth < 30; depth++)
        {
            int[] field = message.Table(
                reference, new FlatValue(2, 1, Struct), FlatValue.Reference(3), FlatValue.Reference(5));
            message.Table(field[0]);
            vectors.Add(reference = message.Vector(field[1], depth == 29 ? 0 : Children, 4, 4));
        }
        byte[] written = message.Written.ToArray();
        foreach (int vector in vectors[..^1])
        {
            int target = vector + BitConverter.ToInt32(written, vector);
            for (int at = vector; at < vector + 4 * Children; at += 4)
                BinaryPrimitives.WriteInt32LittleEndian(written.AsSpan(at), target - at);
        }
        ReadSoon(Framed(written))!.Reason.Should().Be("more than 100000 fields");
    }

    [Fact]
    public void Read_UnionThatIsNotAskedFor_IsSteppedOver()
    {
        ArrowBuffer types = new(new byte[] { 0, 0 });
        UnionType type = new([new Field("number", Int32Type.Default, true)], [0], UnionMode.Sparse);
        SparseUnionArray union = new(
            type, 2, [new Int32Array.Builder().Append(1).Append(2).Build()], types);
        byte[] file = OracleTable.Write([OracleTable.Batch(("union", union), ("text", OracleTable.Texts("a", "b")))]);
        using RecordSource source = new([ArrowInputTests.Input(file)], new RecordFields());
        source.Next()!.Value.Text.Should().Be("a");
        ReadSoon(file)!.Reason.Should().Be("column 'union' holds unions, which are not read: store it as another type");
    }

    private static byte[] ClaimingBody(long length)
    {
        (FlatBuilder batch, int header) = ArrowWriting.Message(ArrowMessageKind.RecordBatch, length, null);
        ArrowWriting.Batch(batch, header, 1, [(1, 0)], [(0, 0), (0, 8), (8, 1)]);
        return [.. Framed(Schema("text")), .. Framed(batch)];
    }

    private static FlatBuilder Schema(string column)
    {
        (FlatBuilder message, int header) = ArrowWriting.Message(ArrowMessageKind.Schema, 0, null);
        ArrowWriting.Schema(
            message, header,
            [new(column, PhysicalType.ByteArray, Annotation.Text, IsList: false)], []);
        return message;
    }

    private static byte[] Framed(FlatBuilder message) => Framed(message.Written);

    private static byte[] Framed(ReadOnlySpan<byte> message)
    {
        byte[] length = new byte[4];
        int padded = (message.Length + 7) / 8 * 8;
        BinaryPrimitives.WriteInt32LittleEndian(length, padded);
        return [0xff, 0xff, 0xff, 0xff, .. length, .. message, .. new byte[padded - message.Length]];
    }

    private static GauFormatException? ReadSoon(byte[] content, List<TextRecord>? records = null)
    {
        GauFormatException? fault = null;
        ProcessorTime.Of(() => fault = Read(content, records)).Should().BeLessThan(Soon);
        return fault;
    }

    private static GauFormatException? Read(byte[] content, List<TextRecord>? records)
    {
        using RecordSource source = new([ArrowInputTests.Input(content)], new RecordFields { KeepOthers = true });
        try
        {
            while (source.Next() is { } record)
                records?.Add(record);
            return null;
        }
        catch (GauFormatException e)
        {
            return e;
        }
    }

    private sealed class Asked : MemoryAllocator
    {
        public int Bytes { get; private set; }

        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            Bytes = length;
            throw new InsufficientMemoryException();
        }
    }
}
