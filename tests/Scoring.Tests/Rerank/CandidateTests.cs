using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Text;
using Xunit;

namespace GauRuntime.Scoring.Tests.Rerank;

/// <summary>Candidates are tokenized once, and held within what they may take.</summary>
public sealed class CandidateTests(RerankFixture fixture) : IClassFixture<RerankFixture>
{
    [Fact]
    public void Read_TextsOfAnyLength_AreHeldAsTheirTokens()
    {
        string[] texts = ["", "今天", new string('好', 600), "x y", .. Enumerable.Repeat(new string('雨', 509), 300)];
        Candidates candidates = fixture.Read(
            string.Concat(texts.Select((text, i) => $"{{\"id\":{i},\"text\":\"{text}\"}}\n")));
        candidates.Count.Should().Be(texts.Length);
        EncodedText encoded = new();
        for (int i = 0; i < texts.Length; i++)
        {
            TextTokens expected = fixture.Model.Tokenizer.EncodeAlone(texts[i], encoded, 509);
            candidates.Tokens(i).Ids.SequenceEqual(expected.Ids).Should().BeTrue("text {0}", i);
            candidates.Tokens(i).Total.Should().Be(expected.Total);
        }
    }

    [Fact]
    public void Read_MoreThanThereIsRoomFor_IsCountedAndNotHeld()
    {
        string texts = RerankFixture.Records("t", 3000, i => $",\"query\":\"q{i % 7}\"");
        Candidates held = fixture.Read(texts), counted = fixture.Read(texts, room: 350_000);
        held.Bytes.Should().BeGreaterThan(3000 * 200);
        counted.Bytes.Should().BeInRange(held.Bytes - 7 * 1000, held.Bytes);
        counted.Groups.Sum(group => group.Members.Count).Should().BeInRange(1, 600);
        using RecordSource source = new([RecordReaderTests.Input("", RecordFormat.JsonLines)], new RecordFields());
        MemoryPlan plan = MemoryPlan.For(fixture.Task(counted), source, new ScoringOptions(), false, 1 << 20);
        plan.Task.Should().BeGreaterThan(counted.Bytes);
        plan.Heap.Should().BeGreaterThan(plan.Task);
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines, "{\"id\":1,\"q\":\"a\",\"text\":\"今\"}\n{\"id\":2,\"q\":\"b\",\"text\":\"天\"}\n{\"id\":3,\"q\":\"a\",\"text\":\"天\"}\n")]
    [InlineData(RecordFormat.Csv, "q,id,text,more\na,1,今,x\nb,2,天,\na,3,天,y\n")]
    public void Read_FieldThatNamesTheQuery_IsThatOfEveryFormat(RecordFormat format, string records)
    {
        Candidates candidates = fixture.Read(records, field: "q", format: format);
        (candidates.Count, candidates.Rejected, candidates.AreGrouped).Should().Be((3, 0, true));
        candidates.Of(RecordId.OfText("a")).Members.Should().Equal(0, 2);
        candidates.Of(RecordId.OfJson("\"b\"")).Members.Should().Equal(1);
        candidates.Of(RecordId.OfText("c")).Members.Should().BeEmpty();
        candidates.Of(RecordId.Missing(0)).Members.Should().BeEmpty();
    }

    [Fact]
    public void Read_NoneNamesAQuery_AreForAllUnlessTheFieldWasAskedFor()
    {
        string texts = RerankFixture.Records("t", 3);
        fixture.Read(texts).Of(RecordId.OfText("any")).Members.Should().Equal(0, 1, 2);
        Candidates asked = fixture.Read(texts, field: "query");
        (asked.Count, asked.Rejected).Should().Be((0, 3));
        asked.Of(RecordId.OfText("any")).Should().BeSameAs(CandidateGroup.None);
    }

    [Theory]
    [InlineData("{\"id\":1}\n{\"id\":2}\n{\"id\":3,\"text\":\"今\"}\n", "2 candidates rejected; 1 are allowed")]
    [InlineData("{\"text\":\"今\"}\n{\"text\":\"今\"}\n{\"query\":3,\"text\":\"今\"}\n", "2 candidates rejected; 1 are allowed")]
    public void Read_MoreRejectsThanAllowed_Ends(string records, string message) =>
        FluentActions.Invoking(() => fixture.Read(records, maxRejects: 1)).Should().Throw<ScoringException>()
            .Where(e => e.Fault == ScoringFault.TooManyRejects && e.Message == message);

    [Fact]
    public void Read_AnyThreads_GivesTheSameCandidates()
    {
        string texts = RerankFixture.Records("t", 700) + "{\"id\":1}\nno JSON\n" + RerankFixture.Records("u", 100);
        Candidates one = fixture.Read(texts, threads: 1), many = fixture.Read(texts, threads: 3);
        many.Digest.Should().Be(one.Digest);
        for (int i = 0; i < one.Count; i++)
            many.Tokens(i).Ids.SequenceEqual(one.Tokens(i).Ids).Should().BeTrue("candidate {0}", i);
    }

    [Fact]
    public void Read_OthersNameTheirQuery_KeepsThoseThatDoNotAsRejects()
    {
        const string Lacking = "{\"id\":1,\"text\":\"今\"}\n{\"id\":2}\n{\"id\":3,\"text\":\"天\"}\n";
        Candidates alike = fixture.Read(Lacking);
        (alike.Count, alike.Rejected).Should().Be((2, 1));
        alike.RejectedRecords.Select(one => one.Error).Should().Equal("no field 'text'");
        Candidates named = fixture.Read(Lacking + "{\"id\":4,\"query\":\"q\",\"text\":\"好\"}\n");
        (named.Count, named.Rejected).Should().Be((1, 3));
        named.RejectedRecords.Select(one => (one.Record.Id.ToString(), one.Record.Place.Line, one.Error)).Should().Equal(
            ("1", 1, "no field 'query'"), ("2", 2, "no field 'text'"), ("3", 3, "no field 'query'"));
        named.RejectedRecords[0].Record.Text.Should().Be("今");
        // What is kept in case another names its query is given back where none does.
        alike.Bytes.Should().BeLessThan(named.Bytes - 1000);
    }

    [Fact]
    public void Read_RejectsBeyondTheRoom_AreCountedAndNotHeld()
    {
        string bad = string.Concat(Enumerable.Repeat($"{{\"id\":1,\"x\":\"{new string('y', 1000)}\"}}\n", 500));
        Candidates counted = fixture.Read(bad, room: 100_000);
        counted.Rejected.Should().Be(500);
        counted.RejectedRecords.Count.Should().BeInRange(1, 100);
        counted.Bytes.Should().BeGreaterThan(500 * 1000);
    }

    [Fact]
    public void Read_QueryOfHalfASurrogatePair_IsAReject()
    {
        List<string> notes = [];
        fixture.Read("{\"id\":1,\"query\":\"\\ud800\",\"text\":\"今\"}\n", note: notes.Add).Rejected.Should().Be(1);
        notes.Should().Contain(
            "candidates: 1 record: a string holds half of a surrogate pair (first: input, line 1)");
    }
}
