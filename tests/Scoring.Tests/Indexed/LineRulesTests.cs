using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;
using Xunit;

namespace GauRuntime.Scoring.Tests.Indexed;

/// <summary>Records that are counted many bytes at a time, beside the same rules byte by byte.</summary>
public sealed class LineRulesTests
{
    private static readonly string[] Odd =
        ["\"", "a\"b", "\"\"", "\"a\"b\"", "\r", "\n\n", "\r\n\r\n", "\u00FF", "\n\r", " "];

    private static readonly Gen<string> Fields = Gen.Frequency(
        (6, Gen.Int[0, 90].Select(length => new string('x', length))),
        (3, Gen.Int[0, 90].Select(length => $"\"{new string('y', length)}\"")),
        (2, Gen.Int[0, 70].Select(length => $"\"a{new string('\n', length / 8)}\"\"{new string('z', length)}\r\n,\"")),
        (1, Gen.Int[0, Odd.Length - 1].Select(i => Odd[i])));

    private static readonly Gen<string> Tables = Gen.Select(Fields, Gen.Frequency(
        (8, Gen.Const(",")), (3, Gen.Const("\n")), (1, Gen.Const("\r\n")), (1, Gen.Const(""))))
        .Select((field, end) => field + end).Array[0, 60].Select(string.Concat);

    // Quotes, a CR and empty lines are in some of the tables, not in most of their lines.
    private static readonly Gen<string> RarelyQuoted = Gen.Select(Gen.Frequency(
        (40, Gen.Int[0, 30].Select(length => new string('x', length))),
        (1, Gen.Int[0, Odd.Length - 1].Select(i => Odd[i]))), Gen.Frequency(
        (20, Gen.Const(",")), (20, Gen.Const("\n")), (5, Gen.Const("\r\n"))))
        .Select((field, end) => field + end).Array[0, 60].Select(string.Concat);

    [Fact]
    public void AdvanceToEnd_OfATableAtOnce_IsAsByteByByte() =>
        Gen.Select(Tables, Gen.Bool, Gen.Bool, Gen.Int[1, 400]).Sample((table, hasQuotes, isSingle, length) =>
        {
            LineRules rules = new(new IndexReading(
                RecordFormat.Csv, TextEncoding.Utf8, hasQuotes ? FieldQuotes.Rfc : FieldQuotes.None, (byte)',', true,
                isSingle));
            byte[] bytes = Encoding.Latin1.GetBytes(table);
            foreach (LineState state in rules.States)
                Walked(rules, state, bytes, length).Should().Be(Walked(rules, state, bytes, 1), $"{state}");
        }, iter: TestLevel.Of(1_000, 10_000, 100_000));

    [Fact]
    public void Scan_OfATableWithFewQuotes_IsOnEveryWayAsByteByByte() =>
        Gen.Select(RarelyQuoted, Gen.Bool, Gen.Int[1, 200]).Sample((table, isSingle, length) =>
        {
            LineRules rules = new(new IndexReading(
                RecordFormat.Csv, TextEncoding.Utf8, FieldQuotes.Rfc, (byte)',', true, isSingle));
            byte[] bytes = Encoding.Latin1.GetBytes(table);
            BlockScan scan = new(rules, begin: null, 7);
            for (int at = 0; at < bytes.Length; at += length)
                scan.Take(bytes.AsSpan(at, Math.Min(length, bytes.Length - at)), 7 + at);
            foreach ((LineState state, LineWalk walk) in rules.States.Zip(scan.End()))
                Counted(walk).Should().Be(Counted(Walk(rules, state, bytes, 1)), $"{state}");
        }, iter: TestLevel.Of(1_000, 10_000, 100_000));

    [Theory]
    [InlineData("\n", "\n")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\r", "\r")]
    [InlineData("\n", "\r\n")]
    public void AdvanceToEnd_OfATableWithLineBreaksInQuotes_CountsRecordsAndLines(string end, string inside)
    {
        LineRules rules = new(new IndexReading(
            RecordFormat.Csv, TextEncoding.Utf8, FieldQuotes.Rfc, (byte)',', true, false));
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(
            Enumerable.Range(0, 10_000).Select(i => $"{i},\"第{i}条{inside}\"\"{new string('字', i % 40)}\"\"\"{end}")));
        LineWalk walk = new(LineState.Start, 0);
        rules.AdvanceToEnd(ref walk, bytes, 0);
        int feeds = inside.Count(c => c == '\n');
        walk.Records.Should().Be(10_000);
        walk.Lines.Should().Be(10_000 * (1 + feeds));
        walk.Last!.Value.Records.Should().Be(10_000);
        walk.Last.Value.Offset.Should().Be(bytes.Length - (end == "\r\n" ? 1 : 0));
    }

    // All that a way says at its end, by parts of a length.
    private static string Walked(LineRules rules, LineState state, byte[] bytes, int length)
    {
        LineWalk walk = Walk(rules, state, bytes, length);
        return $"{Counted(walk)} {walk.LongestBlank} {walk.HeadBlank} {walk.TailBlank}";
    }

    private static LineWalk Walk(LineRules rules, LineState state, byte[] bytes, int length)
    {
        LineWalk walk = new(state, 7);
        for (int at = 0; at < bytes.Length; at += length)
            rules.AdvanceToEnd(ref walk, bytes.AsSpan(at, Math.Min(length, bytes.Length - at)), 7 + at);
        walk.Close();
        return walk;
    }

    private static string Counted(in LineWalk walk) =>
        $"{walk.State} {walk.At} {walk.Records} {walk.Lines} {walk.First} {walk.Last}";
}
