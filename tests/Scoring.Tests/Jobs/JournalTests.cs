using System.IO.Hashing;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Journals line by line: what is written, and what is read of one that is not whole.</summary>
public sealed class JournalTests : IDisposable
{
    private const string Header = "{\"journal\":1,\"job\":{\"a\":\"1\"},\"replaces\":true}";

    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public JournalTests() => path = folder.Path("out.journal");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Begin_OverWhateverWasThere_LeavesItsHeader()
    {
        File.WriteAllText(path, new string('x', 1000));
        using (Journal journal = Open())
            journal.Begin(JobOf("1"), replaces: true);
        File.ReadAllText(path).Should().Be(Line(Header));
    }

    [Fact]
    public void Begin_MoreInputsThanAreReadAgain_IsRefusedAndLeavesWhatIsThere()
    {
        File.WriteAllText(path, "theirs");
        FluentActions.Invoking(() =>
        {
            DiskStorage storage = new();
            using Journal journal = new(storage, storage.Open(path, alone: true)) { Longest = Header.Length };
            journal.Begin(JobOf("22"), replaces: true);
        }).Should().Throw<ScoringException>().WithMessage("*fewer files*").Which.Fault.Should().Be(ScoringFault.Usage);
        File.ReadAllText(path).Should().Be("theirs");
    }

    [Theory]
    [InlineData(4)]   // after opening, cutting and writing it: flushing the header
    [InlineData(6)]   // after writing it too: flushing the entry
    public void Append_DiskThatDoesNotTakeIt_Fails(int operation)
    {
        FailingStorage storage = new(operation, forGood: false);
        FluentActions.Invoking(() =>
        {
            using Journal journal = new(storage, storage.Open(path, alone: true));
            journal.Begin(JobOf("1"), replaces: true);
            journal.Append(Entry(1));
        }).Should().Throw<IOException>();
        storage.Failed.Should().BeTrue();
    }

    [Fact]
    public void Read_CutAnywhere_IsWhatIsWhole()
    {
        byte[] whole = Write("1", 3);
        for (int length = 0; length <= whole.Length; length++)
        {
            int lines = whole.AsSpan(0, length).Count((byte)'\n');
            JournalContent? content = Read(whole[..length], out bool torn);
            torn.Should().Be(lines == 0, $"cut at {length}");
            (content?.Entries.Count).Should().Be(lines == 0 ? null : lines - 1, $"cut at {length}");
        }
        JournalContent read = Read(whole, out _)!;
        read.Replaces.Should().BeTrue();
        read.Job.Difference(JobOf("1")).Should().BeNull();
        read.Entries.Should().Equal(Entry(1), Entry(2), Entry(3));
        read.Ends.Should().Equal(Enumerable.Range(0, whole.Length).Where(i => whole[i] == '\n').Select(i => i + 1L));
    }

    [Fact]
    public void Read_AnyBitFlipped_IsWhatStandsBefore()
    {
        byte[] whole = Write("1", 2);
        for (int bit = 0; bit < whole.Length * 8; bit += 3)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            int lineStart = whole.AsSpan(0, bit / 8).LastIndexOf((byte)'\n') + 1;
            // A digit of a checksum as a capital letter is the same digit.
            bool isSame = bit / 8 - lineStart < 8 && bit % 8 == 5 && whole[bit / 8] >= 'a';
            int linesBefore = whole.AsSpan(0, lineStart).Count((byte)'\n');
            JournalContent? content = Read(flipped, out bool torn);
            torn.Should().BeFalse();
            (content?.Entries.Count ?? -1).Should().Be(isSame ? 2 : linesBefore - 1, $"bit {bit}");
        }
    }

    [Fact]
    public void Read_ManyEntries_KeepsTheLastAndEverFewerOfThoseBefore()
    {
        const int Entries = 100_000;
        StringBuilder text = new(Line(Header));
        List<long> ends = [text.Length];
        for (int i = 1; i <= Entries; i++)
            ends.Add(text.Append(Line(Json(Entry(i)))).Length);
        JournalContent content = Read(Bytes(text.ToString()), out _)!;
        content.Entries.Count.Should().BeInRange(JournalContent.Most / 2, JournalContent.Most);
        content.Entries[^1].Should().Be(Entry(Entries));
        content.Entries.Select(entry => entry.Counts.Records).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        content.Ends.Should().Equal(
            [ends[0], .. content.Entries.Select(entry => ends[(int)entry.Counts.Records])], "a journal is cut there");
    }

    [Fact]
    public void LastGood_OfManyEntries_IsOneThatTheFilesAgreeWith()
    {
        JournalContent content = new(JobOf("1"), replaces: false, 10);
        byte[] results = new byte[3 * JournalContent.Most];
        XxHash128 digest = new();
        for (int i = 1; i <= results.Length; i++)
        {
            digest.Append([0]);
            content.Add(
                Entry(i) with { Output = new FileMark(i, digest.GetCurrentHashAsUInt128()), Rejects = default }, 10 + i);
        }
        string output = folder.Write("out.partial", results);
        FailingStorage storage = FailingStorage.Never;
        content.LastGood(storage, output, null, CancellationToken.None).Should().Be(content.Entries.Count - 1);
        results[^3000] = 1;
        File.WriteAllBytes(output, results);
        int good = content.LastGood(storage, output, null, CancellationToken.None)!.Value;
        content.Entries[good].Counts.Records.Should().BeInRange(results.Length - 3010, results.Length - 3000);
    }

    [Fact]
    public void Read_LinesLongerThanWhatIsReadAtOnce_AreWhole()
    {
        string value = new('v', 200_000);
        JournalContent content = Read(Write(value, 2), out _)!;
        content.Job.Difference(JobOf(value)).Should().BeNull();
        content.Entries.Should().HaveCount(2);
    }

    [Fact]
    public void Read_LineThatNeverEnds_IsNoJournal()
    {
        using MemoryStream stream = new(new byte[Journal.LongestHeader + (2 << 20)]);
        Journal.Read(stream, "out.journal", out bool torn).Should().BeNull();
        torn.Should().BeFalse();
        stream.Position.Should().BeLessThan(stream.Length, "no more of it is kept in memory");
        Read(new byte[1 << 20], out torn).Should().BeNull();
        torn.Should().BeTrue("it may be the beginning of a header");
        Read("\n"u8.ToArray(), out torn).Should().BeNull();
        torn.Should().BeFalse();
    }

    [Theory]
    [InlineData("{\"journal\":2,\"job\":{},\"replaces\":true}")]
    [InlineData("{\"job\":{},\"replaces\":true}")]
    [InlineData("{\"journal\":1,\"job\":[],\"replaces\":true}")]
    [InlineData("{\"journal\":1,\"job\":{}}")]
    [InlineData("{\"journal\":1,\"job\":{},\"replaces\":1}")]
    [InlineData("{\"journal\":1.5,\"job\":{},\"replaces\":true}")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Read_HeaderOfSomethingElse_IsNoJournal(string header)
    {
        Read(Bytes(Line(header) + Line(Header)), out bool torn).Should().BeNull();
        torn.Should().BeFalse();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData(Header)]
    public void Read_LineThatIsNoEntryThoughItsSumHolds_IsMalformed(string json)
    {
        string before = Line(Header) + Line(Json(Entry(1)));
        FluentActions.Invoking(() => Read(Bytes(before + Line(json)), out _)).Should().Throw<GauFormatException>()
            .WithMessage($"out.journal: offset {before.Length}: is no entry of a journal; --force starts over");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("00000000 \n")]
    [InlineData("x0000000 1\n")]
    public void Read_LineWithoutASum_IsWhereItEnds(string line)
    {
        string rest = Line(Json(Entry(2)));
        Read(Bytes(Line(Header) + Line(Json(Entry(1))) + line + rest), out _)!.Entries.Should().Equal(Entry(1));
        Read(Bytes(Line(Header) + Line(Json(Entry(1))).Replace(' ', '\t') + rest), out _)!.Entries.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Continue_BehindAnEntry_CutsOffWhatFollows(int entries)
    {
        JournalContent content = Read(Write("1", 3), out _)!;
        using (Journal journal = Open())
        {
            journal.Continue(content, entries);
            journal.Append(Entry(9));
        }
        Read(File.ReadAllBytes(path), out _)!.Entries.Should().Equal(
            [.. Enumerable.Range(1, entries).Select(i => Entry(i)), Entry(9)]);
    }

    private static JournalEntry Entry(int records) => new(
        new RunCounts(records, 0, 0, records), 1, 2, new FileMark(records, 3), new FileMark(0, 4), Finished: false);

    private static JobFingerprint JobOf(string value) => JournalText.Job($"{{\"a\":\"{value}\"}}");

    private static string Json(JournalEntry entry) => JournalText.Of(entry.Write);

    private static string Line(string json) => $"{Crc32.HashToUInt32(Bytes(json)):x8} {json}\n";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static JournalContent? Read(byte[] bytes, out bool torn)
    {
        using MemoryStream stream = new(bytes) { Position = bytes.Length };
        return Journal.Read(stream, "out.journal", out torn);
    }

    private byte[] Write(string value, int entries)
    {
        using (Journal journal = Open())
        {
            journal.Begin(JobOf(value), replaces: true);
            for (int i = 1; i <= entries; i++)
                journal.Append(Entry(i));
        }
        return File.ReadAllBytes(path);
    }

    private Journal Open()
    {
        FailingStorage storage = FailingStorage.Never;
        return new Journal(storage, storage.Open(path, alone: true));
    }
}
