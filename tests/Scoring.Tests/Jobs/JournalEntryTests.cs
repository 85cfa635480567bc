using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Entries of a journal as JSON, and numbers that cannot be.</summary>
public sealed class JournalEntryTests
{
    private const long Largest = long.MaxValue / 99_999;   // so that the parts of a job can be added

    private static readonly JournalEntry Usual = new(
        new RunCounts(10, 3, 2, 70), 1, 2, new FileMark(100, 3), new FileMark(30, UInt128.MaxValue), Finished: false);

    [Fact]
    public void Write_AnEntry_IsAsItAlwaysWas()
    {
        // Our own layout, which journals and markers on users' disks have.
        static string Digest(char digit) => new string('0', 31) + digit;
        Json(Usual).Should().Be(
            $$"""{"records":10,"rejected":3,"truncated":2,"tokens":70,"start":"{{Digest('1')}}","input":"{{Digest('2')}}","""
            + $$""" "output_bytes":100,"output":"{{Digest('3')}}","rejects_bytes":30,""".TrimStart()
            + $$""" "rejects":"{{new string('f', 32)}}","finished":false}""".TrimStart());
        Json(Usual with
        {
            Counts = Usual.Counts with { MoreRows = 4, RejectedCandidates = 5 }, Finished = true,
            Beside = [new FileMark(8, 9)],
        }).Should().Contain("\"tokens\":70,\"more_rows\":4,\"rejected_candidates\":5,\"start\"").And.EndWith(
            $$""","beside":[{"bytes":8,"digest":"{{Digest('9')}}"}],"finished":true}""");
        Json(Usual with { Beside = [] }).Should().Be(Json(Usual));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        JournalText.Entry(Json(Usual)).Should().Be(Usual);
        JournalEntry more = Usual with { Counts = Usual.Counts with { MoreRows = 4, RejectedCandidates = 5 }, Finished = true };
        JournalText.Entry(Json(more)).Should().Be(more);
        FileMark[] marks = [.. Enumerable.Range(0, 8).Select(i => new FileMark(i, (UInt128)i))];
        JournalText.Entry(Json(Usual with { Beside = marks })).Beside.Should().Equal(marks);
        FluentActions.Invoking(() => JournalText.Entry(Json(Usual with { Beside = [.. marks, marks[0]] }))).Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 0, true)]
    [InlineData(5, 5, 0, 0, 0, true)]
    [InlineData(5, 6, 0, 0, 0, false)]
    [InlineData(5, 2, 3, 1, 0, true)]
    [InlineData(5, 2, 4, 1, 0, false)]
    [InlineData(5, 5, 0, 1, 0, false)]    // tokens of none
    [InlineData(5, 5, 0, 0, 1, false)]    // rows of none
    [InlineData(5, 5, 0, 1, 1, false)]
    [InlineData(5, 4, 0, 1, 1, true)]
    [InlineData(Largest, 0, 0, Largest, Largest, true)]
    [InlineData(Largest + 1, 0, 0, 1, 0, false)]
    [InlineData(5, 0, 0, Largest + 1, 0, false)]
    [InlineData(5, -1, 0, 1, 0, false)]
    [InlineData(5, 0, -1, 1, 0, false)]
    [InlineData(5, 0, 0, -1, 0, false)]
    public void Read_Counts_AreThoseThatCanBe(
        long records, long rejected, long truncated, long tokens, long moreRows, bool isPossible)
    {
        JournalEntry entry = Usual with
        {
            Counts = new RunCounts(records, rejected, truncated, tokens) { MoreRows = moreRows },
        };
        Func<JournalEntry> read = () => JournalText.Entry(Json(entry));
        if (isPossible)
            read().Should().Be(entry);
        else
            read.Should().Throw<FormatException>();
    }

    private static string Json(JournalEntry entry) => JournalText.Of(entry.Write);
}
