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
}
