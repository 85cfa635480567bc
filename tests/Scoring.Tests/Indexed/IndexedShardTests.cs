using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Scoring.Tests.Jobs;
using GauRuntime.Scoring.Tests.Shards;
using Xunit;

namespace GauRuntime.Scoring.Tests.Indexed;

/// <summary>Shares that are found by an index are those that are found without, with the same digests.</summary>
public sealed class IndexedShardTests : IDisposable
{
    private static readonly Gen<InputFile[]> Inputs = ShardInputs.Inputs.Select(
        inputs => inputs.Select((input, i) => input with { Name = $"{i}-{input.Name}" }).ToArray());

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>What makes it hard to say where records end: name, format, content, header.</summary>
    public static TheoryData<string, RecordFormat, string> Hard => new()
    {
        { "lines", RecordFormat.Text, "a\nbb\n\n\ncc\r\nd" },
        { "one line", RecordFormat.Text, "a" },
        { "a line feed", RecordFormat.Text, "\n" },
        { "nothing", RecordFormat.Text, "" },
        { "mark", RecordFormat.Text, "\uFEFFa\nb\n" },
        { "mark alone", RecordFormat.Text, "\uFEFF" },
        { "JSON", RecordFormat.JsonLines, "{\"text\":\"a\"}\n\n \t\r\n\n{\"id\":1,\"text\":\"b\"}\r\n  {\"text\":\"c\"}\n   \n\n" },
        { "JSON without end", RecordFormat.JsonLines, "{\"text\":\"a\"}\n{\"text\":\"b\"}" },
        { "JSON of white space", RecordFormat.JsonLines, " \n\t\n\r\n   " },
        { "JSON with white space at the end", RecordFormat.JsonLines, "{\"text\":\"a\"}\n       \t\t        " },
        { "JSON with marks", RecordFormat.JsonLines, "\uFEFF\n{\"text\":\"a\"}\n\uFEFF{\"text\":\"b\"}\n" },
        { "JSON array", RecordFormat.JsonLines, "[{\"text\":\"a\"},\n{\"text\":\"b\"},{\"text\":\"c\"}]\n" },
        { "JSON over lines", RecordFormat.JsonLines, "{\n\"text\":\"a\"}\n{\n\"text\":\"b\"\n}\n" },
        { "CSV", RecordFormat.Csv, "id,text\n1,a\n2,\"b\nb\"\n3,\"c\"\"\n,\"\"\"\n\n\n4,d" },
        { "CSV of CR LF", RecordFormat.Csv, "id,text\r\n1,a\r\n\r\n2,\"b\r\nb\"\r\n3,c\r\n\r\n" },
        { "CSV of CR", RecordFormat.Csv, "id,text\r1,a\r\r2,\"b\rb\"\r3,c\r" },
        { "CSV with plain quotes", RecordFormat.Csv, "id,text\n1,a\"b\n2,a\"\"b\n3,\"a\"b\n4,\"a\"\"b\"c\"\n5,\"x\"\"\n\"\n" },
        { "CSV of one column", RecordFormat.Csv, "text\na\n\n\"b\n\n\"\n\n\nc" },
        { "CSV of a header", RecordFormat.Csv, "id,text\n\n\n\n\n\n" },
        { "CSV that says", RecordFormat.Csv, "sep=;\r\nid;text\r\n1;\"a;\nb\"\r\n2;b,\"\r\n" },
        { "CSV with empty lines before", RecordFormat.Csv, "\n\n\n\n\n\n\nid,text\n1,a\n2,b\n" },
        { "CSV of nothing", RecordFormat.Csv, "" },
        { "CSV of empty lines", RecordFormat.Csv, "\n\n\r\n\n" },
        { "CSV of a mark", RecordFormat.Csv, "\uFEFF" },
        { "CSV that only says", RecordFormat.Csv, "sep=;\n" },
        { "TSV of nothing", RecordFormat.Tsv, "" },
        { "TSV with quotes", RecordFormat.Tsv, "id\ttext\n1\t\"a\n2\t\"b\"\n3\tc\n" },
        { "long", RecordFormat.Csv, $"id,text\n1,{new string('x', 300)}\n2,\"{new string('\n', 300)}\"\n3,b\n" },
        { "long line", RecordFormat.JsonLines, $"{{\"text\":\"{new string('y', 400)}\"}}\n{new string('\n', 400)}{{\"text\":\"a\"}}\n" },
    };

    [Theory]
    [MemberData(nameof(Hard))]
    public void Index_OfHardInputs_InBlocksOfAnyLength_IsThatOfTheReaders(string name, RecordFormat format, string content)
    {
        InputFile[] inputs = [IndexedInputs.Of(name, format, content)];
        foreach (int block in (int[])[.. Enumerable.Range(1, 16), 23, 31, 47, 64, 1000])
        {
            InputIndex fast = IndexedInputs.Index(inputs, block), slow = IndexedInputs.Index(inputs, block, inBlocks: false);
            IndexedInputs.Described(fast.Inputs[0]).Should().Be(IndexedInputs.Described(slow.Inputs[0]), $"blocks of {block}");
        }
    }

    [Theory]
    [MemberData(nameof(Hard))]
    public void Shards_OfHardInputs_AreThoseWithoutIndex(string name, RecordFormat format, string content)
    {
        InputFile[] inputs =
        [
            IndexedInputs.Of("before", RecordFormat.Text, "x\n"), IndexedInputs.Of(name, format, content),
            IndexedInputs.Of("after", RecordFormat.Text, "y\nzz\n"),
        ];
        foreach (int block in (int[])[1, 2, 7, 16, 64])
        {
            InputIndex index = IndexedInputs.Index(inputs, block);
            foreach (int count in (int[])[1, 2, 3, 10, 29])
            {
                for (int i = 0; i < count; i++)
                {
                    Shard shard = new(i, count);
                    (string[] records, UInt128 start, UInt128 end) = IndexedInputs.Read(inputs, block, shard, index);
                    (string[] expected, UInt128 from, UInt128 to) = IndexedInputs.Read(inputs, block, shard, null);
                    records.Should().Equal(expected, $"share {shard}, blocks of {block}");
                    (start, end).Should().Be((from, to), $"share {shard}, blocks of {block}");
                }
            }
        }
    }

    [Fact]
    public void Index_OfAnyInputs_InBlocks_IsThatOfTheReaders() =>
        Gen.Select(Inputs, Gen.Int[1, 300]).Sample((inputs, block) =>
        {
            InputIndex fast = IndexedInputs.Index(inputs, block), slow = IndexedInputs.Index(inputs, block, inBlocks: false);
            fast.Inputs.Select(IndexedInputs.Described).Should().Equal(slow.Inputs.Select(IndexedInputs.Described));
        }, iter: TestLevel.Of(100, 300, 1000));

    [Fact]
    public void Shards_OfAnyInputs_AreThoseWithoutIndex() =>
        Gen.Select(Inputs, Gen.Int[1, 300], Gen.Int[1, 40]).Sample((inputs, block, count) =>
        {
            InputIndex index = IndexedInputs.Index(inputs, block);
            for (int i = 0; i < count; i++)
            {
                Shard shard = new(i, count);
                (string[] records, UInt128 start, UInt128 end) = IndexedInputs.Read(
                    inputs, block, shard, index, longestLine: ShardInputs.LongestLine);
                (string[] expected, UInt128 from, UInt128 to) = IndexedInputs.Read(
                    inputs, block, shard, null, longestLine: ShardInputs.LongestLine);
                records.Should().Equal(expected);
                (start, end).Should().Be((from, to));
            }
        }, iter: TestLevel.Of(100, 300, 1000));

    [Fact]
    public void Jump_AnyShareAndPlace_GoesOnBehindWhatWasThere() =>
        Gen.Select(Inputs, Gen.Int[1, 300], Gen.Int[1, 8], Gen.Int[0, 40]).Sample((inputs, block, count, skipped) =>
        {
            InputIndex index = IndexedInputs.Index(inputs, block);
            Shard? shard = count == 1 ? null : new(count / 2, count);
            using RecordSource plain = IndexedInputs.Source(inputs, block, shard, null);
            using RecordSource source = IndexedInputs.Source(inputs, block, shard, index);
            long wanted = plain.Skip(skipped), jumped = source.Jump(skipped);
            jumped.Should().BeLessThanOrEqualTo(wanted);
            source.Skip(skipped - jumped).Should().Be(wanted - jumped);
            source.Digest.Should().Be(plain.Digest);
            IndexedInputs.Rest(source).Should().Equal(IndexedInputs.Rest(plain));
            (source.StartDigest, source.Digest).Should().Be((plain.StartDigest, plain.Digest));
        }, iter: TestLevel.Of(100, 300, 1000));

    [Fact]
    public void Jump_ManyRecords_StepsOverMostOfThemUnread()
    {
        InputFile[] inputs = [.. Enumerable.Range(0, 5).Select(
            i => IndexedInputs.Of($"{i}", RecordFormat.Text, string.Concat(Enumerable.Repeat("abc\n", 1000))))];
        using RecordSource source = IndexedInputs.Source(inputs, 100, null, IndexedInputs.Index(inputs, 100));
        source.Jump(3456).Should().BeInRange(3430, 3456);
    }

    [Fact]
    public void Shards_OfTablesAndWholeInputs_AreThoseWithoutIndex()
    {
        byte[] parquet = File.ReadAllBytes(Fixtures.Path("parquet", "arrow-plain.parquet"));
        InputFile[] inputs =
        [
            IndexedInputs.Of("a.parquet", RecordFormat.Parquet, parquet),
            IndexedInputs.Of("b.jsonl.gz", RecordFormat.JsonLines, CompressedBytes.Of(Compression.Gzip, Lines(50))),
            IndexedInputs.Of("c.jsonl", RecordFormat.JsonLines, $"[{string.Join(',', Lines(20).Trim().Split('\n'))}]"),
            IndexedInputs.Of("d.jsonl", RecordFormat.JsonLines, Lines(30)),
            IndexedInputs.Of("e.parquet", RecordFormat.Parquet, parquet),
        ];
        RecordFields fields = new() { Text = "pair" };
        InputIndex index = IndexedInputs.Index(inputs, 512, fields);
        index.Inputs.Select(input => input.IsWhole).Should().Equal(false, true, true, false, false);
        index.Records.Should().Be(IndexedInputs.Read(inputs, 512, null, null, fields).Records.Length);
        foreach (int count in (int[])[1, 2, 7, 40])
        {
            for (int i = 0; i < count; i++)
            {
                Shard shard = new(i, count);
                (string[] records, UInt128 start, UInt128 end) = IndexedInputs.Read(inputs, 512, shard, index, fields);
                (string[] expected, UInt128 from, UInt128 to) = IndexedInputs.Read(inputs, 512, shard, null, fields);
                records.Should().Equal(expected);
                (start, end).Should().Be((from, to));
            }
        }
    }

    // Its record begins in the first block, and shares that begin in the others have what comes behind it.
    [Theory]
    [InlineData("gzip")]
    [InlineData("zstandard")]
    [InlineData("array")]
    [InlineData("blank end")]
    public void Shards_BehindAnInputOfManyBlocksThatStaysWhole_AreThoseWithoutIndex(string kind)
    {
        byte[] lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 900).Select(
            i => $"{{\"id\":{i},\"text\":\"{Convert.ToHexString(BitConverter.GetBytes(i * 2654435761L))}\"}}\n")));
        InputFile whole = kind switch
        {
            "gzip" => IndexedInputs.Of("a.jsonl.gz", RecordFormat.JsonLines, CompressedBytes.Of(Compression.Gzip, lines)),
            "zstandard" => IndexedInputs.Of(
                "a.jsonl.zst", RecordFormat.JsonLines, CompressedBytes.Of(Compression.Zstandard, lines)),
            "array" => IndexedInputs.Of(
                "a.jsonl", RecordFormat.JsonLines, $"[{Encoding.UTF8.GetString(lines).Trim().Replace('\n', ',')}]"),
            _ => IndexedInputs.Of("a.jsonl", RecordFormat.JsonLines, $"{Lines(3)}{new string('\n', 9000)}"),
        };
        whole.Length.Should().BeGreaterThan(64 * 100);
        InputFile[] inputs = [whole, IndexedInputs.Of("b.jsonl", RecordFormat.JsonLines, Lines(30))];
        InputIndex index = IndexedInputs.Index(inputs, 64);
        foreach (int count in (int[])[2, 10, 33])
        {
            for (int i = 0; i < count; i++)
            {
                Shard shard = new(i, count);
                (string[] records, UInt128 start, UInt128 end) = IndexedInputs.Read(inputs, 64, shard, index);
                (string[] expected, UInt128 from, UInt128 to) = IndexedInputs.Read(inputs, 64, shard, null);
                records.Should().Equal(expected, $"share {shard}");
                (start, end).Should().Be((from, to), $"share {shard}");
            }
        }
    }

    [Theory]
    [InlineData(RecordFormat.Text)]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Csv)]
    public void Next_ShareByAnIndex_ReadsItsPartAndAtMostABlockMore(RecordFormat format)
    {
        const int Block = 1 << 20, Count = 40;
        byte[] content = Encoding.UTF8.GetBytes((format == RecordFormat.Csv ? "id,text\n" : "") + string.Concat(
            Enumerable.Range(0, 200_000).Select(i => format == RecordFormat.JsonLines
                ? $"{{\"text\":\"{i} 0123456789012345678901234567890123456789012345678901234567890123456789\"}}\n"
                : $"{i},0123456789012345678901234567890123456789012345678901234567890123456789\n")));
        List<CountingStream> streams = [];
        InputFile input = new("in", format, content.Length, () =>
        {
            streams.Add(new CountingStream(content));
            return streams[^1];
        });
        InputIndex index = IndexedInputs.Index([IndexedInputs.Of("in", format, content)], Block);
        const int Beginning = (1 << 20) + (2 << 16);   // what every task looks at to know how the input is read
        for (int i = 0; i < Count; i++)
        {
            streams.Clear();
            IndexedInputs.Read([input], Block, new Shard(i, Count), index).Records.Should().NotBeEmpty();
            streams.Sum(stream => stream.BytesRead).Should().BeLessThan(
                content.Length / Count + Block + 2 * Beginning, $"share {i} of {content.Length} bytes");
        }
        streams.Clear();
        IndexedInputs.Read([input], Block, new Shard(Count - 1, Count), null);
        streams.Sum(stream => stream.BytesRead).Should().BeGreaterThanOrEqualTo(content.Length, "that is what the index saves");
    }

    [Theory]
    [InlineData(RecordFormat.Text)]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Tsv)]
    public void Job_SharesByAnIndex_HaveTheBytesAndMarkersOfThoseWithout(RecordFormat format)
    {
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        char mark = format == RecordFormat.Tsv ? '\t' : ',';
        string content = format switch
        {
            RecordFormat.Text => string.Concat(Enumerable.Range(0, 120).Select(i => $"今天{i}\n")),
            RecordFormat.JsonLines => Lines(120),
            _ => $"id{mark}text\r\n" + string.Concat(Enumerable.Range(0, 120).Select(
                i => $"{i}{mark}\"今\r\n\"\"天{mark}\n{i}\"\r\n")),
        };
        InputFile[] inputs = [.. ((string[])["a", "b"]).Select(name => IndexedInputs.Of(name, format, content))];
        InputIndex index = IndexedInputs.Index(inputs, 128);
        foreach (int count in (int[])[1, 10, 100])
        {
            string without = folder.Path($"without{count}"), with = folder.Path($"with{count}");
            for (int i = 0; i < count; i++)
            {
                Score(model, inputs, without, new Shard(i, count), null);
                Score(model, inputs, with, new Shard(i, count), index);
            }
            string[] names = [.. Directory.GetFiles(without).Select(Path.GetFileName).Order()!];
            Directory.GetFiles(with).Select(Path.GetFileName).Order().Should().Equal(names).And.HaveCount(2 * count);
            foreach (string name in names)
                File.ReadAllText(Path.Combine(with, name)).Should().Be(File.ReadAllText(Path.Combine(without, name)));
            Merged(with).Should().Be(Merged(without));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Resume_ByAnIndex_GoesOnWithTheSameBytes(bool isShare)
    {
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        InputFile input = IndexedInputs.Of("in", RecordFormat.JsonLines, Lines(400));
        JobOutput whole = new()
        {
            Path = folder.Path("whole"), Format = RecordFormat.JsonLines, CheckpointInterval = TimeSpan.Zero,
            Shard = isShare ? new Shard(1, 2) : null,
        };
        Score(model, [input], whole, null, FailingStorage.Never);
        JobOutput output = whole with { Path = folder.Path("out") };
        Action stopped = () => Score(model, [input], output, null, new FailingStorage(60, forGood: true));
        stopped.Should().Throw<IOException>();
        InputIndex index = IndexedInputs.Index([input], 128);
        RunTotals totals = Score(model, [input], output with { Resume = true }, index, FailingStorage.Never);
        totals.Resumed.Records.Should().BeGreaterThan(10);
        string[] names = isShare ? ["part-00001-of-00002.jsonl", "part-00001-of-00002.jsonl.done"] : [""];
        foreach (string name in names)
            File.ReadAllText(Path.Combine(output.Path, name)).Should().Be(File.ReadAllText(Path.Combine(whole.Path, name)));
    }

    private static string Lines(int count) => string.Concat(
        Enumerable.Range(0, count).Select(i => $"{{\"id\":{i},\"text\":\"今{i}\",\"pair\":\"天{i}\"}}\n"));

    private static void Score(GauModel model, InputFile[] inputs, string path, Shard shard, InputIndex? index) => Score(
        model, inputs, new JobOutput { Path = path, Format = RecordFormat.JsonLines, Shard = shard }, index,
        FailingStorage.Never);

    private static RunTotals Score(
        GauModel model, InputFile[] inputs, JobOutput output, InputIndex? index, FailingStorage storage)
    {
        using ScoringJob job = ScoringJob.Open(output, storage);
        using RecordSource source = new(inputs, new RecordFields(), shard: output.Shard)
        {
            BlockLength = 128, Index = index,
        };
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 1, BatchTokens = 64 }, RecordFormat.JsonLines);
        job.Run(run, CancellationToken.None);
        return run.Totals;
    }

    private static string Merged(string folder)
    {
        using MemoryStream rows = new();
        PartMerge.Open(folder, null).Write(rows, null, Compression.None, CancellationToken.None);
        return Encoding.UTF8.GetString(rows.ToArray());
    }
}
