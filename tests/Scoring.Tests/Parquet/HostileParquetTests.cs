using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FluentAssertions;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Parquet;

public sealed class HostileParquetTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);   // of the processor; milliseconds are usual

    [Theory]
    [MemberData(nameof(ParquetInputTests.ArrowFiles), MemberType = typeof(ParquetInputTests))]
    public void Read_OneByteChanged_IsReadOrRefusedSoon(string name)
    {
        byte[] sound = Arrow(name);
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = [.. sound];
            // The footer and the headers are the smaller part of the bytes, and the more dangerous one.
            int at = i % 2 == 0 ? random.Next(sound.Length) : sound.Length - 1 - random.Next(sound.Length / 3);
            damaged[at] = (byte)random.Next(256);
            refused += ReadSoon(damaged) is null ? 0 : 1;
        }
        refused.Should().BeGreaterThan(100);
    }

    [Theory]
    [MemberData(nameof(ParquetInputTests.ArrowFiles), MemberType = typeof(ParquetInputTests))]
    public void Read_Truncated_IsRefused(string name)
    {
        byte[] sound = Arrow(name);
        for (int length = 0; length < sound.Length; length += 50)
            ReadSoon(sound[..length]).Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(ParquetInputTests.ArrowFiles), MemberType = typeof(ParquetInputTests))]
    public void Read_BytesMissingInTheMiddle_IsRefused(string name)
    {
        byte[] sound = Arrow(name);
        // In the first groups: behind the last one there are indexes, which are not read.
        for (int at = 4; at < sound.Length / 3; at += 97)
            ReadSoon([.. sound[..at], .. sound[(at + 37)..]]).Should().NotBeNull();
    }

    [Fact]
    public void Read_ChecksumOfAPage_TellsEveryChangeOfIt()
    {
        byte[] sound = Arrow("arrow-plain");
        int text = sound.AsSpan().IndexOf("第一条"u8);
        sound[text + 2] ^= 1;
        GauFormatException fault = ReadSoon(sound)!;
        fault.Place.Should().Be("row group 0");
        fault.Reason.Should().Be("a page is corrupt: its checksum is another");
    }

    [Fact]
    public void Read_FaultInALaterGroup_ComesAfterTheRowsBefore()
    {
        byte[] sound = Arrow("arrow-plain");
        int text = sound.AsSpan().LastIndexOf("长长长"u8);
        sound[text + 2] ^= 1;
        List<TextRecord> before = [];
        GauFormatException fault = ReadSoon(sound, before)!;
        fault.Place.Should().Be("row group 2");
        before.Count.Should().BeInRange(80, 119);
    }

    [Theory]
    [InlineData("19", 100_000)]   // lists of one list
    [InlineData("1c", 100_000)]   // structs in structs
    [InlineData("F9FFFFFF07", 1)] // a list of some 10^8 lists
    [InlineData("ff", 1000)]
    [InlineData("00", 1000)]
    [InlineData("29", 1)]
    public void Read_FooterOfNonsense_IsRefused(string hex, int count)
    {
        byte[] part = Convert.FromHexString(hex);
        foreach (byte first in (byte[])[0x19, 0x29, 0x49, 0x9c, 0xf9])
            ReadSoon(Framed([first, .. Enumerable.Repeat(part, count).SelectMany(p => p)])).Should().NotBeNull();
    }

    [Theory]
    [InlineData("PAR1", "PARE", "encrypted")]
    [InlineData("PAR2", "PAR1", "no Parquet file, or only a part of one: it does not begin and end with PAR1")]
    [InlineData("PAR1", "PAR2", "no Parquet file, or only a part of one: it does not begin and end with PAR1")]
    public void Read_OtherMagic_IsRefused(string begin, string end, string reason)
    {
        byte[] file = [.. Encoding.ASCII.GetBytes(begin), 0, 1, 0, 0, 0, .. Encoding.ASCII.GetBytes(end)];
        GauFormatException fault = ReadSoon(file)!;
        (fault.Place, fault.Reason).Should().Be(("footer", reason));
    }

    [Fact]
    public void Read_FooterLongerThanTheFile_IsRefused()
    {
        byte[] file = Framed([0, 0, 0]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 8), 0x7fffffff);
        ReadSoon(file)!.Reason.Should().StartWith("a footer of 2147483647 bytes");
    }

    [Theory]
    [InlineData(2, 1, 12, "row group 0 claims 2 rows, but 1 values")]
    [InlineData(1, 1, 1L << 40, "row group 0 claims to lie where the file has no data")]
    [InlineData(1, 1, -12, "row group 0 claims to lie where the file has no data")]
    [InlineData(-1, -1, 12, "a row group without columns, or without a number of rows")]
    public void Read_LyingFooter_IsRefused(long rows, long values, long length, string reason) =>
        ReadSoon(File(new byte[12], new Claim { Rows = rows, Values = values, Length = length }))!.Reason
            .Should().Be(reason);

    [Theory]
    [InlineData(0, 4, 0)]                       // as Arrow writes a table without rows
    [InlineData(long.MaxValue, 4, long.MaxValue)]
    [InlineData(-1, null, -1)]
    public void Read_GroupWithoutRows_IsOneWhereverItClaimsToLie(long data, int? dictionary, long length)
    {
        Claim claim = new() { Rows = 0, Values = 0, DataStart = data, DictionaryStart = dictionary, Length = length };
        List<TextRecord> records = [];
        ReadSoon(File([], claim), records).Should().BeNull();
        byte[] page = Page(PageKind.Data, length: 5, stored: [1, 0, 0, 0, 65], values: 1);
        ReadSoon(File(page, claim, new Claim(), claim), records).Should().BeNull();
        records.Select(record => record.Text).Should().Equal("A");
    }

    [Fact]
    public void Read_MoreRowsThanPagesOfItsBytesCouldHold_AreRefused() =>
        ReadSoon(File(new byte[12], new Claim { Rows = 1L << 62, Values = 1L << 62 }))!.Reason
            .Should().Be("row group 0 claims 4611686018427387904 values in 12 bytes");

    [Fact]
    public void Read_MoreRowsThanCanBeCounted_AreRefused()
    {
        Claim[] many = [.. Enumerable.Repeat(MostOfAMebibyte, 4096)];   // all in the same bytes
        ReadSoon(File(new byte[1 << 20], many))!.Reason
            .Should().Be("row groups that claim more rows than can be counted");
    }

    [Fact]
    public void Files_OfMoreRowsThanCanBeCounted_AreRefused()
    {
        byte[] half = File(new byte[1 << 20], [.. Enumerable.Repeat(MostOfAMebibyte, 2048)]);
        InputFile[] files = [ParquetInputTests.Input(half), ParquetInputTests.Input(half) with { Name = "other" }];
        Action index = () => InputIndex.Make(files, new RecordFields(), 1, TestContext.Current.CancellationToken);
        index.Should().Throw<GauFormatException>().Which.Message.Should().Be(
            "other: record 4611686018427387904: with the inputs before it, more records than can be counted");
        using RecordSource source = new(files, new RecordFields());
        source.Invoking(s => s.Skip(long.MaxValue)).Should().Throw<GauFormatException>().Which.Message.Should().Be(
            "other: footer: with the inputs before it, more records than can be counted");
    }

    [Fact]
    public void Skip_ClaimedRows_AreSteppedOverAtOnce()
    {
        byte[] file = File(new byte[1 << 20], MostOfAMebibyte);
        ProcessorTime.Of(() =>
        {
            using RecordSource share = new(
                [ParquetInputTests.Input(file)], new RecordFields(), shard: new Shard(1, 2));
            share.Next().Should().BeNull("all rows begin in the first half");
            using RecordSource all = new([ParquetInputTests.Input(file)], new RecordFields());
            all.Skip(1L << 50).Should().Be(1L << 50);
            all.Skip(long.MaxValue).Should().Be(1L << 50);
        }).Should().BeLessThan(Soon);
    }

    [Theory]
    [InlineData(3, "is compressed with LZO, which is not read: write it again with Snappy or Zstandard")]
    [InlineData(
        5, "is compressed with LZ4 as Hadoop writes it, which is not read: write it again as LZ4_RAW, Snappy or "
        + "Zstandard")]
    [InlineData(77, "has compression 77, which is not known: write it again with Snappy or Zstandard")]
    public void Open_ColumnInACompressionThatIsNotRead_IsRefused(int codec, string reason)
    {
        byte[] page = Page(PageKind.Data, length: 5, stored: [1, 0, 0, 0, 65], values: 1);
        List<TextRecord> records = [];
        GauFormatException fault = ReadSoon(File(page, new Claim(), new Claim { Codec = codec }), records)!;
        (fault.Place, fault.Reason).Should().Be(("footer", "column 'text' " + reason));
        records.Should().BeEmpty("it is known before the first row");
    }

    [Fact]
    public void Read_PageThatClaimsTooMuch_IsRefusedBeforeItIsAllocated()
    {
        byte[] page = Page(PageKind.Data, length: 512 << 20, stored: [1, 2, 3], values: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadSoon(File(page, new Claim()))!.Reason
            .Should().Be("a page that claims 536870912 bytes; 268435456 are allowed");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Theory]
    [InlineData(1, "Snappy")]
    [InlineData(2, "Gzip")]
    [InlineData(4, "Brotli")]
    [InlineData(6, "Zstandard")]
    [InlineData(7, "Lz4")]
    public void Read_CompressedPageThatClaimsWhatItDoesNotMake_IsRefusedBeforeItIsAllocated(int codec, string name)
    {
        byte[] page = Page(PageKind.Data, length: 200 << 20, stored: [1, 2, 3, 4, 5, 6, 7, 8], values: 1);
        byte[] file = File(page, new Claim { Codec = codec });
        ReadSoon(file);   // what the decompressor itself needs once
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadSoon(file)!.Reason.Should().Be($"a page is corrupt: its {name} data do not make 209715200 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void RequireContent_DataThatMakeManyTimesAsMuch_AreBelievedWhereTheyDo(int codec)
    {
        byte[] content = new byte[8 << 20];
        byte[] stored = codec switch
        {
            2 => CompressedBytes.Of(Records.Compression.Gzip, content),
            4 => Brotli(content),
            _ => CompressedBytes.Of(Records.Compression.Zstandard, content),
        };
        (stored.Length * 64).Should().BeLessThan(content.Length - (1 << 20));
        PageCodec.RequireContent((PageCompression)codec, stored, 0, content.Length);
        foreach (int wrong in new[] { 1, -1 })
            FluentActions.Invoking(() => PageCodec.RequireContent((PageCompression)codec, stored, 0, content.Length + wrong))
                .Should().Throw<TableFault>();
        byte[] output = new byte[content.Length];
        PageCodec.Decompress((PageCompression)codec, stored, 0, output);
        output.AsSpan().ContainsAnyExcept((byte)0).Should().BeFalse();
    }

    [Fact]
    public void Read_DictionaryThatClaimsTooMuch_IsRefusedBeforeItIsAllocated()
    {
        byte[] page = Page(PageKind.Dictionary, length: 3, stored: [1, 2, 3], values: int.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadSoon(File(page, new Claim()))!.Reason.Should().Be("a dictionary that claims 2147483647 values in 3 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void Read_PagesWithoutValues_EndWithTheColumn()
    {
        byte[] empty = Page(PageKind.Data, length: 0, stored: [], values: 0);
        byte[] pages = [.. Enumerable.Repeat(empty, 10_000).SelectMany(p => p)];
        ReadSoon(File(pages, new Claim()))!.Reason.Should().Be("a column has fewer values than it claims");
    }

    [Theory]
    [InlineData(8, "a page needs a dictionary that is not there")]
    [InlineData(3, "values of ByteArray with encoding 3 cannot be read")]
    [InlineData(9, "values of ByteArray with encoding 9 cannot be read")]
    [InlineData(77, "values of ByteArray with encoding 77 cannot be read")]
    [InlineData(7, "a page is corrupt: its differences are malformed")]
    [InlineData(0, "a page is corrupt: it has fewer values than it claims")]
    public void Read_PageOfAnyEncoding_IsRefused(int encoding, string reason)
    {
        byte[] page = Page(PageKind.Data, length: 4, stored: [200, 0, 0, 0], values: 1, (PageEncoding)encoding);
        GauFormatException fault = ReadSoon(File(page, new Claim()))!;
        (fault.Place, fault.Reason).Should().Be(("row group 0", reason));
    }

    [Fact]
    public void SplitValues_WiderThanThePage_TakeNoRoom()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        SplitValues values = new(new byte[100], 0, int.MaxValue);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000);
        FluentActions.Invoking(values.MoveNext).Should().Throw<TableFault>();
    }

    [Fact]
    public void Read_TwoDictionaries_AreRefused()
    {
        byte[] page = Page(PageKind.Dictionary, length: 5, stored: [1, 0, 0, 0, 65], values: 1);
        ReadSoon(File([.. page, .. page], new Claim()))!.Reason.Should().Be("a column with two dictionaries");
    }

    [Fact]
    public void Read_SoundFileOfTheSameMaking_IsRead()
    {
        List<TextRecord> records = [];
        byte[] page = Page(PageKind.Data, length: 5, stored: [1, 0, 0, 0, 65], values: 1);
        ReadSoon(File(page, new Claim()), records).Should().BeNull();
        records.Single().Text.Should().Be("A");
        ReadSoon(Framed(Footer(0))).Should().BeNull("a file without row groups has no records");
    }

    private static Claim MostOfAMebibyte => new() { Rows = 1L << 51, Values = 1L << 51 };

    private static byte[] Brotli(byte[] content)
    {
        using MemoryStream stored = new();
        using (BrotliStream brotli = new(stored, CompressionLevel.Optimal))
            brotli.Write(content);
        return stored.ToArray();
    }

    private static byte[] Arrow(string name) =>
        System.IO.File.ReadAllBytes(Fixtures.Path("parquet", $"{name}.parquet"));

    private static GauFormatException? ReadSoon(byte[] content, List<TextRecord>? records = null)
    {
        GauFormatException? fault = null;
        ProcessorTime.Of(() => fault = Read(content, records)).Should().BeLessThan(Soon);
        return fault;
    }

    private static GauFormatException? Read(byte[] content, List<TextRecord>? records)
    {
        using RecordSource source = new(
            [ParquetInputTests.Input(content)], new RecordFields { KeepOthers = true });
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

    // A file with one required column 'text' and row groups, about which the footer claims what it likes.
    private static byte[] File(byte[] pages, params Claim[] claims)
    {
        byte[] footer = Footer(pages.Length, claims);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        return [.. "PAR1"u8, .. pages, .. footer, .. length, .. "PAR1"u8];
    }

    private static byte[] Framed(byte[] footer)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        return [.. "PAR1"u8, .. footer, .. length, .. "PAR1"u8];
    }

    private static byte[] Footer(int dataLength, params Claim[] claims)
    {
        ArrayBufferWriter<byte> output = new();
        ThriftWriter thrift = new(output);
        thrift.Begin();
        thrift.List(2, ThriftType.Struct, 2);
        thrift.Begin();
        thrift.Text(4, "schema");
        thrift.Int32(5, 1);
        thrift.End();
        thrift.Begin();
        thrift.Int32(1, (int)PhysicalType.ByteArray);
        thrift.Int32(3, (int)Repetition.Required);
        thrift.Text(4, "text");
        thrift.End();
        thrift.List(4, ThriftType.Struct, claims.Length);
        foreach (Claim claim in claims)
            Group(thrift, dataLength, claim);
        thrift.End();
        return output.WrittenSpan.ToArray();
    }

    private static void Group(ThriftWriter thrift, int dataLength, Claim claim)
    {
        thrift.Begin();
        thrift.List(1, ThriftType.Struct, 1);
        thrift.Begin();
        thrift.Begin(3);
        thrift.Int32(1, (int)PhysicalType.ByteArray);
        thrift.Int32(4, claim.Codec);
        thrift.Int64(5, claim.Values);
        thrift.Int64(7, claim.Length ?? dataLength);
        thrift.Int64(9, claim.DataStart);
        if (claim.DictionaryStart is { } start)
            thrift.Int64(11, start);
        thrift.End();
        thrift.End();
        thrift.Int64(3, claim.Rows);
        thrift.End();
    }

    private static byte[] Page(
        PageKind kind, int length, byte[] stored, int values, PageEncoding encoding = PageEncoding.Plain)
    {
        ArrayBufferWriter<byte> output = new();
        ThriftWriter thrift = new(output);
        thrift.Begin();
        thrift.Int32(1, (int)kind);
        thrift.Int32(2, length);
        thrift.Int32(3, stored.Length);
        thrift.Begin(kind == PageKind.Dictionary ? 7 : 5);
        thrift.Int32(1, values);
        thrift.Int32(2, (int)encoding);
        thrift.End();
        thrift.End();
        output.Write(stored);
        return output.WrittenSpan.ToArray();
    }

    private sealed record Claim
    {
        public long Rows { get; init; } = 1;

        public long Values { get; init; } = 1;

        public long? Length { get; init; }

        public int Codec { get; init; }

        public long DataStart { get; init; } = 4;

        public long? DictionaryStart { get; init; }
    }
}
