using System.Buffers.Binary;
using System.IO.Hashing;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Indexed;

/// <summary>Indexes as files that nobody vouches for, and inputs that are no longer what was indexed.</summary>
public sealed class IndexFileTests : IDisposable
{
    private const int Block = 64;

    private static readonly string Content = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},今天天气\n"));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        InputFile[] inputs =
        [
            IndexedInputs.Of("文.csv", RecordFormat.Csv, "id,text\r\n" + Content), IndexedInputs.Of("b", RecordFormat.Text, ""),
            IndexedInputs.Of("c", RecordFormat.JsonLines, "\n\n  \n"), IndexedInputs.Of("d", RecordFormat.Csv, ""),
            IndexedInputs.Of("e", RecordFormat.Tsv, "\n\n"), IndexedInputs.Of("f", RecordFormat.Csv, "sep=;\n"),
        ];
        InputIndex index = IndexedInputs.Index(inputs, Block);
        InputIndex read = InputIndex.Read(folder.Write("i", Written(index)));
        read.Inputs.Select(IndexedInputs.Described).Should().Equal(index.Inputs.Select(IndexedInputs.Described));
        read.Inputs.Select(input => input.LongestBlank).Should().Equal(index.Inputs.Select(input => input.LongestBlank));
        (read.BlockLength, read.Records, read.Bytes).Should().Be((Block, index.Records, index.Bytes));
    }

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        byte[] file = Written(SomeIndex());
        for (int length = 0; length < file.Length; length++)
            Refusal(file[..length]).Should().MatchRegex("is damaged: its checksum|is no index of inputs");
    }

    [Fact]
    public void Read_ChangedAnywhere_IsRefused()
    {
        byte[] file = Written(SomeIndex());
        for (int at = 0; at < file.Length; at++)
        {
            byte[] changed = [.. file];
            changed[at] ^= 1;
            Refusal(changed).Should().MatchRegex("is damaged: its checksum|is no index of inputs");
        }
    }

    [Fact]
    public void Read_CutAnywhereWithTheRightChecksum_IsRefused()
    {
        byte[] file = Written(SomeIndex());
        for (int length = 8; length < file.Length - 16; length++)
            Refusal(Sealed(file[..length])).Should().NotBeEmpty();
    }

    [Fact]
    public void Read_CountsThatCannotBe_AreRefusedBeforeAnythingIsAllocated()
    {
        byte[] file = Written(SomeIndex());
        int refused = 0;
        for (int at = 8; at + 4 <= file.Length - 16; at++)
        {
            byte[] changed = file[..^16];
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), int.MaxValue);
            changed = Sealed(changed);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                IndexFile.Read(changed, "i");
            }
            catch (GauFormatException)
            {
                refused++;
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
        }
        refused.Should().BeGreaterThan(20);
    }

    [Theory]
    [InlineData(RecordFormat.Csv, '\n')]
    [InlineData(RecordFormat.Csv, '"')]
    [InlineData(RecordFormat.Csv, '\xE9')]
    [InlineData(RecordFormat.Text, ',')]
    public void Read_DelimiterThatCannotBe_IsRefused(RecordFormat format, char delimiter)
    {
        byte[] file = Written(IndexedInputs.Index([IndexedInputs.Of("name", format, "id,text\n1,a\n")], Block));
        int at = file.AsSpan().IndexOf("name"u8) + "name".Length + 3;
        file[at].Should().Be(format == RecordFormat.Csv ? (byte)',' : (byte)0);
        file[at] = (byte)delimiter;
        Refusal(Sealed(file[..^16])).Should().Contain($"{(int)delimiter} separates no fields");
    }

    [Fact]
    public void Read_RecordsWithoutADelimiter_AreRefused()
    {
        byte[] file = Written(IndexedInputs.Index([IndexedInputs.Of("name", RecordFormat.Csv, "id,text\n1,a\n")], Block));
        file[file.AsSpan().IndexOf("name"u8) + "name".Length + 3] = 0;
        Refusal(Sealed(file[..^16])).Should().Contain("1 records, and nothing separates their fields");
    }

    [Fact]
    public void Read_SomethingElse_IsRefused() =>
        Refusal("{\"text\":\"a\"}\n"u8.ToArray()).Should().Contain("is no index of inputs: 'gau index' makes one");

    [Fact]
    public void Next_ByteOfAReadBlockChanged_IsAMismatch()
    {
        byte[] content = System.Text.Encoding.UTF8.GetBytes(Content);
        InputIndex index = IndexedInputs.Index([IndexedInputs.Of("in", RecordFormat.Text, content)], Block);
        int seen = 0;
        for (int at = 0; at < content.Length; at += 13)
        {
            byte[] changed = [.. content];
            changed[at] ^= 1;
            for (int i = 0; i < 5; i++)
            {
                try
                {
                    IndexedInputs.Read([IndexedInputs.Of("in", RecordFormat.Text, changed)], Block, new Shard(i, 5), index);
                }
                catch (ScoringException e) when (e.Fault == ScoringFault.Mismatch)
                {
                    e.Message.Should().StartWith($"is not what was indexed: its bytes from {at / Block * Block} on are others");
                    seen++;
                    break;
                }
            }
        }
        seen.Should().Be((content.Length + 12) / 13, "every block is read to its end by a share");
    }

    [Fact]
    public void Source_InputThatWasNotIndexed_IsRefused()
    {
        InputIndex index = SomeIndex();
        Action make = () => IndexedInputs.Source(
            [IndexedInputs.Of("other", RecordFormat.Text, Content)], Block, new Shard(0, 2), index);
        make.Should().Throw<ScoringException>().WithMessage("the index does not list this input*")
            .Which.Fault.Should().Be(ScoringFault.Usage);
    }

    [Fact]
    public void Source_InputOfAnotherSize_IsAMismatch()
    {
        Action make = () => IndexedInputs.Source(
            [IndexedInputs.Of("in", RecordFormat.Text, Content + "x")], Block, new Shard(0, 2), SomeIndex());
        make.Should().Throw<ScoringException>()
            .WithMessage($"was changed since it was indexed (it had {System.Text.Encoding.UTF8.GetByteCount(Content)} bytes and has *")
            .Which.Fault.Should().Be(ScoringFault.Mismatch);
    }

    [Fact]
    public void Source_FileOfAnotherTime_IsAMismatch()
    {
        string path = folder.Write("in.txt", Content);
        InputIndex index = IndexedInputs.Index([InputFile.Find(path, null)], Block);
        IndexedInputs.Read([InputFile.Find(path, null)], Block, new Shard(1, 2), index).Records.Should().NotBeEmpty();
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        Action make = () => IndexedInputs.Source([InputFile.Find(path, null)], Block, new Shard(1, 2), index);
        make.Should().Throw<ScoringException>().WithMessage("was changed since it was indexed (it has been written to)*");
    }

    [Theory]
    [InlineData("none", ',', true, "quotes none")]
    [InlineData("rfc", ';', true, "';' between fields")]
    [InlineData("rfc", ',', false, "no header")]
    public void Next_ReadInAnotherWayThanIndexed_IsAMismatch(string quotes, char delimiter, bool header, string said)
    {
        InputFile[] inputs = [IndexedInputs.Of("in", RecordFormat.Csv, "id,text;text\n" + Content)];
        RecordFields fields = new()
        {
            Quotes = quotes == "none" ? FieldQuotes.None : FieldQuotes.Rfc, Delimiter = delimiter, HasHeader = header,
        };
        InputIndex index = IndexedInputs.Index(inputs, Block, fields);
        Action read = () => IndexedInputs.Read(
            inputs, Block, new Shard(1, 2), index,
            new RecordFields { Delimiter = ',', Quotes = FieldQuotes.Rfc, Text = "text;text" });
        read.Should().Throw<ScoringException>().WithMessage($"was indexed as csv in UTF-8, *{said}*, and is read as csv in UTF-8, *")
            .Which.Fault.Should().Be(ScoringFault.Mismatch);
    }

    // Which quotes a table of tabs has is told by its columns, and gau index is not told which of them is the text.
    [Fact]
    public void Next_QuotesThatTheColumnsTellOtherwise_SaysWhatSettlesIt()
    {
        InputFile[] inputs = [IndexedInputs.Of("in", RecordFormat.Tsv, "\"id\"\t\"sentence\"\n\"1\"\t\"今天\"\n\"2\"\t\"天气\"\n")];
        RecordFields fields = new() { Text = "sentence" };
        Action read = () => IndexedInputs.Read(inputs, Block, new Shard(1, 2), IndexedInputs.Index(inputs, Block), fields);
        read.Should().Throw<ScoringException>().WithMessage("*--quotes rfc or --quotes none for both, 'gau index' and this, settles it")
            .Which.Fault.Should().Be(ScoringFault.Mismatch);
        InputIndex index = IndexedInputs.Index(inputs, Block, new RecordFields { Quotes = FieldQuotes.Rfc });
        IndexedInputs.Read(inputs, Block, new Shard(0, 1), index, fields with { Quotes = FieldQuotes.Rfc }).Records
            .Should().HaveCount(2);
    }

    // White space goes on over the ends of blocks, and only a whole line of it counts.
    [Fact]
    public void LongestBlank_LinesOverManyBlocks_IsThatOfTheReaders() =>
        Gen.Select(Gen.Frequency(
            (3, Gen.Int[0, 40].Select(length => new string(' ', length) + "\n")), (2, Gen.Const("{\"text\":\"a\"}\n")),
            (1, Gen.Int[0, 20].Select(length => new string('\t', length) + "{\"text\":\"b\"}  \r\n")),
            (1, Gen.Const("\r\n"))).Array[1, 12].Select(string.Concat), Gen.Int[1, 70]).Sample((content, block) =>
        {
            InputFile[] inputs = [IndexedInputs.Of("in", RecordFormat.JsonLines, content)];
            long found = IndexedInputs.Index(inputs, block).Inputs[0].LongestBlank;
            long read = IndexedInputs.Index(inputs, block, inBlocks: false).Inputs[0].LongestBlank;
            found.Should().BeInRange(read - 1, read, "a reader counts a CR that may be there");
        }, iter: TestLevel.Of(300, 3000, 30_000));

    [Fact]
    public void Next_BlanksThatMaxLineWouldMakeARecord_AreAMismatch()
    {
        InputFile[] inputs = [IndexedInputs.Of("in", RecordFormat.JsonLines, $"{{\"text\":\"a\"}}\n{new string(' ', 90)}\n{{\"text\":\"b\"}}\n")];
        InputIndex index = IndexedInputs.Index(inputs, 1000);
        Action read = () => IndexedInputs.Read(inputs, 1000, new Shard(1, 2), index, longestLine: 80);
        read.Should().Throw<ScoringException>().WithMessage("has lines of more white space than --max-line 80*");
        IndexedInputs.Read(inputs, 1000, null, index, longestLine: 200).Records.Should().HaveCount(2);
    }

    [Fact]
    public void Make_QuoteThatNeverCloses_IsMalformed()
    {
        Action make = () => IndexedInputs.Index([IndexedInputs.Of("in", RecordFormat.Csv, "id,text\n1,\"a\n2,b\n")], Block);
        make.Should().Throw<GauFormatException>().WithMessage("in: *ends inside quotes*");
    }

    [Fact]
    public void Make_InputThatIsNoFile_IsRefused()
    {
        InputFile pipe = new("pipe", RecordFormat.Text, null, () => new PipeLikeStream([1]));
        Action make = () => IndexedInputs.Index([pipe], Block);
        make.Should().Throw<ScoringException>().WithMessage("cannot be indexed: it is no file");
    }

    [Fact]
    public void Make_Cancelled_Ends()
    {
        InputFile[] inputs = [IndexedInputs.Of("in", RecordFormat.Text, Content)];
        Action make = () => InputIndex.Make(inputs, new RecordFields(), 2, new CancellationToken(canceled: true));
        make.Should().Throw<OperationCanceledException>();
    }

    private static InputIndex SomeIndex() => IndexedInputs.Index([IndexedInputs.Of("in", RecordFormat.Text, Content)], Block);

    private static byte[] Written(InputIndex index)
    {
        using MemoryStream stream = new();
        index.Write(stream);
        return stream.ToArray();
    }

    private static byte[] Sealed(byte[] content)
    {
        byte[] digest = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(digest, XxHash128.HashToUInt128(content));
        return [.. content, .. digest];
    }

    private string Refusal(byte[] file)
    {
        Action read = () => InputIndex.Read(folder.Write("i", file));
        return read.Should().Throw<GauFormatException>().Which.Message;
    }
}
