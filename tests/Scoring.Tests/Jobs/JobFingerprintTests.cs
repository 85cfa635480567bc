using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Jobs that are not the same are never spelled alike.</summary>
public sealed class JobFingerprintTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    public static TheoryData<RecordFields, RecordFields, string> Pairs => new()
    {
        {
            new() { Text = "a", Pair = "b c", Id = "d" }, new() { Text = "a b", Pair = "c", Id = "d" },
            "field of the text: was '\"a b\"', is '\"a\"'"
        },
        {
            new() { Text = "a", Pair = "b", Id = "c d" }, new() { Text = "a", Pair = "b c", Id = "d" },
            "field of the pair: was '\"b c\"', is '\"b\"'"
        },
        { new() { Pair = null }, new() { Pair = "" }, "field of the pair: was '\"\"', is 'none'" },
        { new() { Pair = null }, new() { Pair = "none" }, "field of the pair: was '\"none\"', is 'none'" },
        {
            new() { Id = "a", Choices = "b" }, new() { Id = "a b", Choices = null },
            "field of the id: was '\"a b\"', is '\"a\"'"
        },
        {
            new() { Delimiter = ';' }, new() { Delimiter = '|' },
            "delimiter of CSV: was '7c (hexadecimal)', is '3b (hexadecimal)'"
        },
        { new() { Delimiter = ',' }, new(), "delimiter of CSV: was 'the usual', is '2c (hexadecimal)'" },
        { new() { KeepOthers = true }, new() { ReplaceInvalid = true }, "other fields: was 'left out', is 'kept'" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Difference_FieldsOfOtherNames_IsNamed(RecordFields fields, RecordFields others, string expected) =>
        jobs.Fingerprint(fields).Difference(jobs.Fingerprint(others)).Should().Be(expected);

    [Fact]
    public void Difference_SameFields_IsNone() =>
        jobs.Fingerprint(new() { Text = "a b" }).Difference(jobs.Fingerprint(new() { Text = "a b" })).Should().BeNull();

    [Fact]
    public void Write_AJob_SaysAllThatItsBytesDependOn()
    {
        // Our own words, which a journal keeps: where one changes, no job that was begun goes on.
        JobOutput output = new()
        {
            Path = "out", Rejects = "rejects", Format = RecordFormat.Csv, Compression = Compression.Gzip,
            Shard = new Shard(2, 7),
        };
        string[] values = [.. Written(jobs.Fingerprint(
            new RecordFields { Text = "a", KeepOthers = true, Delimiter = ';' },
            [InputFile.Find(jobs.Input, null) with { Name = "in.jsonl" }, Of("t.csv", "a;id\n1;2\n")], 32, output, 1000,
            true))];
        values[0].Should().MatchRegex(@"^program: \d+\.\d+\.\d+");
        values[1].Should().MatchRegex("^model: [0-9a-f]{32} [0-9a-f]{32}$");
        values[2..].Should().Equal(
            "task: score", "field of the text: \"a\"", "field of the pair: none", "field of the id: \"id\"",
            "field of the choices: none", "other fields: kept", "texts: left out",
            "bytes that are no characters: rejected", "delimiter of CSV: 3b (hexadecimal)",
            "columns of CSV and TSV: named", "longest text: 32 tokens", "longest line: 1000 bytes",
            "output format: Csv, compression Gzip", "byte order mark: yes", "rejects: yes", "shard: 2/7",
            "input 1: in.jsonl, JsonLines", "encoding of input 1: UTF-8",
            $"size of input 1: {new FileInfo(jobs.Input).Length} bytes",
            "input 2: t.csv, Csv, no file", "encoding of input 2: UTF-8", "quotes of input 2: Rfc",
            "size of input 2: 9 bytes", "ids: of the records");
    }

    [Fact]
    public void Difference_WhateverChangesBytes_IsNamed()
    {
        JobOutput output = new() { Path = "out.jsonl", Format = RecordFormat.JsonLines };
        RecordFields fields = new() { Text = "a" };
        InputFile table = Table();
        JobFingerprint usual = jobs.Fingerprint(fields, [table]);
        void Differs(string expected, JobFingerprint other) => other.Difference(usual).Should().Be(expected);
        Differs("texts: was 'left out', is 'kept'", jobs.Fingerprint(fields with { KeepTexts = true }, [table]));
        Differs(
            "bytes that are no characters: was 'rejected', is 'replaced'",
            jobs.Fingerprint(fields with { ReplaceInvalid = true }, [table]));
        Differs("longest text: was '64 tokens', is '32 tokens'", jobs.Fingerprint(fields, [table], 32));
        Differs(
            "longest line: was '4194304 bytes', is '100 bytes'",
            jobs.Fingerprint(fields, [table], longestLine: 100));
        Differs(
            "output format: was 'JsonLines, compression None', is 'Csv, compression None'",
            jobs.Fingerprint(fields, [table], output: output with { Format = RecordFormat.Csv }));
        Differs("byte order mark: was 'no', is 'yes'", jobs.Fingerprint(fields, [table], byteOrderMark: true));
        Differs(
            "rejects: was 'no', is 'yes'",
            jobs.Fingerprint(fields, [table], output: output with { Rejects = "rejects.jsonl" }));
        Differs(
            "shard: was '', is '1/2'", jobs.Fingerprint(fields, [table], output: output with { Shard = new Shard(1, 2) }));
        Differs(
            "input 1: was 't.csv, Csv, no file', is 'u.csv, Csv, no file'",
            jobs.Fingerprint(fields, [table with { Name = "u.csv" }]));
        Differs(
            "encoding of input 1: was 'UTF-8', is 'GB18030'; that is 't.csv, Csv, no file'",
            jobs.Fingerprint(fields with { Encoding = TextEncoding.Gb18030 }, [table]));
        Differs(
            "quotes of input 1: was 'Rfc', is 'None'; that is 't.csv, Csv, no file'",
            jobs.Fingerprint(fields with { Quotes = FieldQuotes.None }, [table]));
        Differs(
            "size of input 1: was '9 bytes', is 'unknown'; that is 't.csv, Csv, no file'",
            jobs.Fingerprint(fields, [table with { Length = null }]));
        Differs("input 2, 't.csv, Csv, no file', was not there", jobs.Fingerprint(fields, [table, table]));
        usual.Difference(jobs.Fingerprint(fields, [table, table])).Should().Be(
            "input 2, 't.csv, Csv, no file', is no longer there");
        usual.Difference(jobs.Fingerprint(fields, [table])).Should().BeNull();
    }

    [Fact]
    public void Difference_NumberedColumns_IsNamed()
    {
        RecordFields numbered = new() { Text = "1", Id = "2", HasHeader = false };
        InputFile table = Of("t.csv", "1,2\n");
        jobs.Fingerprint(numbered, [table]).Difference(jobs.Fingerprint(numbered with { HasHeader = true }, [table]))
            .Should().Be("columns of CSV and TSV: was 'named', is 'numbered'");
    }

    [Fact]
    public void Difference_Ids_AreThoseOfTheRecordsOrNumbers()
    {
        InputFile without = Of("t.csv", "a,b\n1,2\n"), with = Of("t.csv", "a,id\n1,2"), same = with with { Length = 8 };
        jobs.Fingerprint(new() { Text = "a" }, [without]).Difference(jobs.Fingerprint(new() { Text = "a" }, [same]))
            .Should().Be("ids: was 'of the records', is 'numbers'");
    }

    [Fact]
    public void Difference_OtherShareOfOneJob_IsNoneWhereAnyMayBe()
    {
        JobOutput output = new() { Path = "out", Format = RecordFormat.JsonLines, Shard = new Shard(0, 2) };
        JobFingerprint one = jobs.Fingerprint(new(), output: output);
        JobFingerprint two = jobs.Fingerprint(new(), output: output with { Shard = new Shard(1, 2) });
        JobFingerprint other = jobs.Fingerprint(new(), output: output with { Shard = new Shard(1, 2), Rejects = "r" });
        one.Difference(two).Should().Be("shard: was '1/2', is '0/2'");
        one.Difference(two, anyShard: true).Should().BeNull();
        one.Difference(other, anyShard: true).Should().Be("rejects: was 'yes', is 'no'");
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSameJob()
    {
        JobOutput output = new() { Path = "out.jsonl", Rejects = "r", Format = RecordFormat.JsonLines };
        JobFingerprint job = jobs.Fingerprint(new(), output: output), usual = jobs.Fingerprint(new());
        JobFingerprint read = JournalText.Job(JournalText.Of(job.Write));
        read.Difference(job).Should().BeNull();
        (job.WritesRejects, read.WritesRejects, usual.WritesRejects).Should().Be((true, true, false));
        JournalText.Job("{\"program\":null}").Difference(JournalText.Job("{\"program\":\"\"}")).Should().BeNull();
        JournalText.Job("{\"a\":\"1\"}").Difference(JournalText.Job("{\"b\":\"1\"}")).Should().Be("the inputs are others");
        FluentActions.Invoking(() => JournalText.Job("[]")).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => JournalText.Job("{\"a\":1}")).Should().Throw<InvalidOperationException>();
    }

    [Theory]
    [InlineData("b", "the inputs are others", "the inputs are others")]
    [InlineData("input 2", "input 2, '2', was not there", "input 2, '2', is no longer there")]
    public void Difference_OneThatIsTheBeginningOfAnother_IsNamed(string name, string longer, string shorter)
    {
        JobFingerprint one = JournalText.Job("{\"a\":\"1\"}"), two = JournalText.Job($"{{\"a\":\"1\",\"{name}\":\"2\"}}");
        two.Difference(one).Should().Be(longer);
        one.Difference(two).Should().Be(shorter);
    }

    private static InputFile Table() => Of("t.csv", "a,id\n1,2\n");

    private static InputFile Of(string name, string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        return new InputFile(name, RecordFormat.Csv, bytes.Length, () => new MemoryStream(bytes));
    }

    private static IEnumerable<string> Written(JobFingerprint job)
    {
        using JsonDocument json = JsonDocument.Parse(JournalText.Of(job.Write));
        return [.. json.RootElement.EnumerateObject().Select(value => $"{value.Name}: {value.Value}")];
    }
}
