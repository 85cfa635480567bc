using System.IO.Compression;
using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;
using Compression = GauRuntime.Scoring.Records.Compression;

namespace GauRuntime.Scoring.Tests;

public sealed class CompressedInputTests
{
    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(string.Concat(
        Enumerable.Range(0, 20_000).Select(i => $"第{i}条 {i * 7919L % 104_729:x}\n")));

    public static TheoryData<Compression> Both => [Compression.Gzip, Compression.Zstandard];

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_CompressedText_GivesTheSameRecordsAndDigest(Compression compression)
    {
        using RecordSource plain = Source(Lines);
        using RecordSource compressed = Source(CompressedBytes.Of(compression, Lines));
        Texts(compressed).SequenceEqual(Texts(plain)).Should().BeTrue();
        compressed.Digest.Should().Be(plain.Digest);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_SeveralMembers_AreReadAsOne(Compression compression)
    {
        byte[] empty = CompressedBytes.Of(compression, "");
        byte[] content =
        [
            .. CompressedBytes.Of(compression, "a\nb"), .. empty.Length == 0 ? EmptyMember : empty,
            .. CompressedBytes.Of(compression, "c\n"), .. CompressedBytes.Of(compression, "c\n"),
        ];
        using RecordSource source = Source(content);
        Texts(source).Should().Equal("a", "bc", "c");
    }

    [Fact]
    public void Source_GzipHeaderWithEverything_IsSteppedOver()
    {
        byte[] member = CompressedBytes.Of(Compression.Gzip, "a\n");
        member[3] = 2 + 4 + 8 + 16;
        byte[] content = [.. member[..10], 3, 0, 9, 9, 9, .. "name\0comment\0"u8, 7, 7, .. member[10..]];
        using RecordSource source = Source(content);
        Texts(source).Should().Equal("a");
        for (int length = 4; length < content.Length; length++)
            Fault(content[..length]).Should().NotBeNull();
    }

    [Fact]
    public void Source_SkippableFrameFirst_IsSteppedOver()
    {
        byte[] skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        using RecordSource source = Source([.. skippable, .. CompressedBytes.Of(Compression.Zstandard, "a\n")]);
        Texts(source).Should().Equal("a");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_TruncatedAnywhere_GivesWhatStoodBeforeAndThenTheFault(Compression compression)
    {
        byte[] content = CompressedBytes.Of(compression, Lines);
        using RecordSource whole = Source(content);
        List<string?> all = Texts(whole);
        int most = 0;
        for (int length = 20; length < content.Length; length += 1997)
        {
            using RecordSource source = Source(content[..length]);
            List<string?> before = [];
            Action read = () => Texts(source, before);
            read.Should().Throw<GauFormatException>().Which.Place.Should().Be($"byte {length}");
            before.SequenceEqual(all.Take(before.Count)).Should().BeTrue();
            most = Math.Max(most, before.Count);
        }
        most.Should().BeGreaterThan(15_000, "a fault at the end must not lose what stood before it");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_OneRecordBeforeTheEndIsMissing_GivesIt(Compression compression)
    {
        byte[] content = CompressedBytes.Of(compression, "a\n");
        using RecordSource source = Source(content[..^1]);
        source.Next()!.Value.Text.Should().Be("a");
        Action next = () => source.Next();
        next.Should().Throw<GauFormatException>();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_DamagedAnywhere_IsReadOrRefused(Compression compression)
    {
        byte[] content = CompressedBytes.Of(compression, Lines[..5000]);
        Gen.Select(Gen.Int[4, content.Length - 1], Gen.Byte, Gen.Int[4, content.Length]).Sample((at, value, length) =>
        {
            byte[] damaged = [.. content];
            damaged[at] = value;
            Fault(damaged[..length]);   // nothing but a GauFormatException may come out
        });
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_ChecksumIsWrong_IsRefused(Compression compression)
    {
        byte[] content = CompressedBytes.Of(compression, Lines);
        content[compression == Compression.Gzip ? content.Length - 6 : content.Length - 2] ^= 1;
        Fault(content)!.Reason.Should().Contain("checksum");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_SomethingElseAfterTheData_IsRefused(Compression compression) =>
        Fault([.. CompressedBytes.Of(compression, "a\n"), .. "more"u8]).Should().NotBeNull();

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_Bomb_IsRefusedWithItsRatio(Compression compression)
    {
        byte[] line = new byte[1 << 20];
        line.AsSpan().Fill((byte)'a');
        line[^1] = (byte)'\n';
        byte[] member = CompressedBytes.Of(compression, Enumerable.Repeat(line, 16).SelectMany(l => l).ToArray());
        byte[] bomb = Enumerable.Repeat(member, 5).SelectMany(m => m).ToArray();
        (line.Length * 80 / bomb.Length).Should().BeGreaterThan(1000);
        Fault(bomb)!.Reason.Should().StartWith("decompressed to more than 1000 times its size: 671");
        using RecordSource small = Source(bomb[..(member.Length * 3)]);
        Texts(small).Should().HaveCount(48, "up to 64 MiB no ratio is too great");
    }

    [Fact]
    public void Source_WindowTooLarge_IsRefusedBeforeItIsAllocated()
    {
        // A frame header that asks for a window of 2^41 bytes and a raw block of one byte.
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 31 << 3, 9, 0, 0, 0x61];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fault(frame)!.Reason.Should().Be("the Zstandard frame needs a window of more than 128 MiB");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(16 << 20);
        frame[5] = 17 << 3;   // 128 MiB
        Fault(frame).Should().BeNull();
    }

    [Fact]
    public void Source_WindowTooLargeForAPipe_IsRefused()
    {
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 14 << 3, 9, 0, 0, 0x61];   // 16 MiB
        Fault(frame).Should().BeNull();
        Pipe(frame).Should().Throw<GauFormatException>().Which.Reason.Should().Be(
            "the Zstandard frame needs a window of more than 8 MiB, the most from a pipe; name the file as input");
        frame[5] = 13 << 3;
        Pipe(frame).Should().NotThrow();
    }

    [Fact]
    public void Source_CompressedTwice_IsRefused() =>
        Fault(CompressedBytes.Of(Compression.Gzip, CompressedBytes.Of(Compression.Zstandard, "a\n")))!.Reason
            .Should().Be("these are Zstandard data, compressed; records are read as UTF-8 text");

    [Theory]
    [InlineData("a.jsonl", RecordFormat.JsonLines, Compression.None)]
    [InlineData("a.jsonl.gz", RecordFormat.JsonLines, Compression.Gzip)]
    [InlineData("b/a.csv.zst", RecordFormat.Csv, Compression.Zstandard)]
    [InlineData("A.TSV.GZ", RecordFormat.Tsv, Compression.Gzip)]
    [InlineData("a.gz", null, Compression.Gzip)]
    [InlineData("a.gz.txt", RecordFormat.Text, Compression.None)]
    public void Names_OfFiles_TellFormatAndCompression(string path, RecordFormat? format, Compression compression)
    {
        RecordFormats.OfExtension(path).Should().Be(format);
        Compressions.OfExtension(path).Should().Be(compression);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_Shards_ReadACompressedFileOnceAsAWhole(Compression compression)
    {
        byte[] compressed = CompressedBytes.Of(compression, Lines);
        InputFile[] inputs =
        [
            RecordReaderTests.Input("a\nb\n", RecordFormat.Text),
            RecordReaderTests.Input(compressed, RecordFormat.Text),
            RecordReaderTests.Input("c\n", RecordFormat.Text),
        ];
        List<long> numbers = [];
        for (int i = 0; i < 3; i++)
        {
            using RecordSource source = new(inputs, new RecordFields(), shard: new Shard(i, 3));
            while (source.Next() is { } record)
                numbers.Add(record.Number);
        }
        numbers.SequenceEqual(Enumerable.Range(0, 20_003).Select(n => (long)n)).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Source_Progress_CountsCompressedBytes(Compression compression)
    {
        byte[] content = CompressedBytes.Of(compression, Lines);
        using RecordSource source = Source(content, length: null);
        source.Skip(10_000).Should().Be(10_000);
        source.BytesRead.Should().BeInRange(content.Length / 4, content.Length - 1);
        Texts(source);
        source.BytesRead.Should().Be(content.Length);
    }

    [Fact]
    public void Source_CompressedContentOfAnyLevel_IsTheContent() => Gen.Select(
        Gen.Byte[0, 3].Array[0, 300_000], Gen.Enum<CompressionLevel>()).Sample(
        (content, level) =>
        {
            using MemoryStream stream = new(CompressedBytes.Gzip(content, level));
            if (stream.Length == 0)
                return;
            using ByteSource source = new(stream, "input");
            List<byte> read = [];
            while (source.Fill())
            {
                read.AddRange(source.Available);
                source.Advance(source.Available.Length);
            }
            read.SequenceEqual(content).Should().BeTrue();
        }, iter: 20);

    private static byte[] EmptyMember => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static Action Pipe(byte[] content) => () =>
    {
        using RecordSource source = new(
            [new InputFile("pipe", RecordFormat.Text, null, () => new PipeLikeStream(content))], new RecordFields());
        Texts(source);
    };

    private static RecordSource Source(byte[] content, long? length = 0) => new(
        [RecordReaderTests.Input(content, RecordFormat.Text) with { Length = length }], new RecordFields());

    private static List<string?> Texts(RecordSource source) => Texts(source, []);

    private static List<string?> Texts(RecordSource source, List<string?> texts)
    {
        while (source.Next() is { } record)
            texts.Add(record.Text);
        return texts;
    }

    private static GauFormatException? Fault(byte[] content)
    {
        using RecordSource source = Source(content);
        try
        {
            while (source.Next() is not null)
            {
            }
            return null;
        }
        catch (GauFormatException e)
        {
            return e;
        }
    }
}
