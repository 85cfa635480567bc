using System.Text;
using FluentAssertions;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Comparison;

public sealed class ResultComparisonTests
{
    [Fact]
    public void Run_FileChangesBeforeItIsRead_EndsWithThat()
    {
        const string Row = "{\"id\":1,\"value\":1}\n";
        using TemporaryFolder folder = new();
        InputFile a = InputFile.Find(folder.Write("a.jsonl", Row), null), b = InputFile.Find(folder.Write("b.jsonl", Row), null);
        File.SetLastWriteTimeUtc(b.Path!, File.GetLastWriteTimeUtc(b.Path!).AddSeconds(1));
        FluentActions.Invoking(() => ResultComparison.Run(new ComparedFile(a, null), new ComparedFile(b, null)))
            .Should().Throw<IOException>().WithMessage($"{b.Name}: was changed while it was read (it *");
    }

    [Fact]
    public void Run_Labels_CountsAgreementAndShifts()
    {
        string[] a = ["x", "x", "x", "y", "z"], b = ["x", "y", "y", "x", "z"];
        string[] Rows(string[] labels) =>
            [.. labels.Select((label, i) => $$"""{"id":{{i}},"label":"{{label}}","score":0.5}""")];
        ComparisonReport report = Compared.Of(Rows(a), Rows(b));
        (report.Records, report.Compared, report.Identical).Should().Be((5, 5, false));
        Agreement label = report.Agreement("label");
        (label.Compared, label.Same, label.Different, label.Share).Should().Be((5, 2, 3, 0.4));
        report.Shifts.Records.Should().Be(3);
        report.Shifts.Top(20).Should().Equal(new LabelShift("x", "y", 2), new LabelShift("y", "x", 1));
        report.Shifts.Top(1).Should().Equal(new LabelShift("x", "y", 2));
    }

    [Fact]
    public void Run_ScoresAndProbabilities_MeasuresTheirDrift()
    {
        ComparisonReport report = Compared.Of(
            ["""{"id":"p","label":"x","score":0.75,"probabilities":{"x":0.75,"y":0.25}}""",
             """{"id":"q","label":"x","score":1,"probabilities":{"x":1,"y":0}}"""],
            ["""{"id":"p","label":"x","score":0.625,"probabilities":{"x":0.625,"y":0.375}}""",
             """{"id":"q","label":"x","score":0.5,"probabilities":{"y":0.5,"x":0.5}}"""]);
        Drift score = report.Drift("score"), probabilities = report.Drift("probabilities");
        (score.Count, score.Mean, score.Max, score.MaxId).Should().Be((2, 0.3125, 0.5, "q"));
        score.Percentile(50).Should().BeApproximately(0.125, 0.125 / 256);
        (probabilities.Count, probabilities.Mean, probabilities.Max).Should().Be((4, 0.3125, 0.5));
        report.Gaps.Should().BeEmpty("the order of labels means nothing");
    }

    [Fact]
    public void Run_OtherLabelsOrLengths_ComparesWhatIsInBoth()
    {
        ComparisonReport report = Compared.Of(
            ["""{"id":1,"probabilities":{"x":0.5,"y":0.5},"embedding":[1,0]}""",
             """{"id":2,"probabilities":[0.5,0.5],"masks":[]}"""],
            ["""{"id":1,"probabilities":{"x":0.25,"z":0.75},"embedding":[1]}""",
             """{"id":2,"probabilities":[1],"masks":[{"tokens":[{"token":"a","probability":1}]}]}"""]);
        report.Drift("probabilities").Count.Should().Be(1);
        report.Drift("embedding").Count.Should().Be(0);
        report.Gaps.Select(g => (g.Name, g.OnlyInA, g.OnlyInB, g.OtherShape)).Should().Equal(
            ("probabilities", 0, 0, 2), ("embedding", 0, 0, 1), ("masks", 0, 0, 1));
    }

    [Fact]
    public void Run_OtherKindsOfResults_SaysWhatIsMissing()
    {
        ComparisonReport report = Compared.Of(
            ["""{"id":1,"value":1,"tokens":3,"truncated":false}"""], ["""{"id":1,"embedding":[1]}"""]);
        report.Gaps.Select(g => (g.Name, g.OnlyInA, g.OnlyInB)).Should().Equal(
            ("value", 1, 0), ("embedding", 0, 1), ("tokens", 1, 0), ("truncated", 1, 0));
    }

    [Fact]
    public void Run_RejectedRecords_AreCountedAndNotCompared()
    {
        ComparisonReport report = Compared.Of(
            ["""{"id":1,"error":"bad"}""", """{"id":2,"error":"bad"}""",
             """{"id":3,"value":1}""", """{"id":4,"value":1}"""],
            ["""{"id":1,"error":"worse"}""", """{"id":2,"value":2}""",
             """{"id":3,"error":""}""", """{"id":4,"value":3}"""]);
        (report.RejectedInBoth, report.RejectedOnlyInA, report.RejectedOnlyInB, report.Compared)
            .Should().Be((1, 1, 1, 1));
        (report.Drift("value").Count, report.Drift("value").Max, report.Drift("value").MaxId).Should().Be((1, 2, "4"));
    }

    [Fact]
    public void Run_Entities_CountsTheSameLabelAndPlace()
    {
        const string None = """{"id":2,"entities":[]}""";
        ComparisonReport report = Compared.Of(
            ["""{"id":1,"entities":[{"label":"P","start":0,"end":2,"score":0.5,"text":"ab"},"""
             + """{"label":"L","start":3,"end":4,"score":1},"""
             + """{"label":"P","start":0,"end":2,"score":1,"pair":true}]}""", None],
            ["""{"id":1,"entities":[{"label":"L","start":3,"end":5,"score":1},"""
             + """{"label":"P","start":0,"end":2,"score":0.25,"text":"ab"}]}""", None]);
        EntityOverlap entities = report.Entities;
        (entities.InA, entities.InB, entities.Same).Should().Be((3, 2, 1));
        (entities.Precision, entities.Recall, entities.F1).Should().Be((0.5, 1.0 / 3, 0.4));
        (report.Agreement("entities").Compared, report.Agreement("entities").Same).Should().Be((2, 1));
        (report.Drift("entity_score").Count, report.Drift("entity_score").Max).Should().Be((1, 0.25));
        Compared.Of(None, None).Entities.F1.Should().BeNull();
    }

    [Fact]
    public void Run_Masks_CompareTheBestToken()
    {
        string Row(string first, string second) =>
            """{"id":1,"masks":[{"position":1,"offset":0,"tokens":["""
            + $$"""{{first}},{"token":"z","probability":0}]},{"tokens":[{{second}}]}]}""";
        ComparisonReport report = Compared.Of(
            [Row("""{"token":"a","probability":0.5}""", """{"token":"b","probability":0.5}""")],
            [Row("""{"token":"a","probability":0.25}""", """{"token":"c","probability":0.125}""")]);
        (report.Agreement("best_token").Compared, report.Agreement("best_token").Same).Should().Be((2, 1));
        Drift drift = report.Drift("best_token_probability");
        (drift.Count, drift.Max).Should().Be((1, 0.25), "the probabilities of different tokens have nothing in common");
    }

    [Fact]
    public void Run_ChoicesAnswersLabelSetsAndCounts_AgreeOrNot()
    {
        ComparisonReport report = Compared.Of(
            ["""{"id":1,"choice":0,"answer":"ab","start":1,"end":3,"labels":["x","y"],"tokens":5,"truncated":false}""",
             """{"id":2,"choice":1,"answer":null,"labels":[],"tokens":5,"truncated":false}""",
             """{"id":3,"choice":1,"answer":"ab","start":1,"end":3,"labels":["x"],"tokens":5,"truncated":true}"""],
            ["""{"id":1,"choice":0,"answer":"ab","start":4,"end":6,"labels":["y","x"],"tokens":6,"truncated":true}""",
             """{"id":2,"choice":0,"answer":null,"labels":[],"tokens":5,"truncated":false}""",
             """{"id":3,"choice":1,"answer":"b","start":2,"end":3,"labels":["x","y"],"tokens":5,"truncated":true}"""]);
        report.Agreements.Where(a => a.Compared > 0).Select(a => (a.Name, a.Compared, a.Same)).Should().Equal(
            ("labels", 3, 2), ("choice", 3, 2), ("answer", 3, 2), ("answer_place", 3, 1), ("tokens", 3, 2),
            ("truncated", 3, 2));
    }

    [Fact]
    public void Run_Embeddings_MeasureEveryNumberAndTheCosine()
    {
        ComparisonReport report = Compared.Of(
            ["""{"id":"p","embedding":[1,0]}""", """{"id":"q","embedding":[3,4]}"""],
            ["""{"id":"p","embedding":[1,0]}""", """{"id":"q","embedding":[4,3]}"""]);
        Drift drift = report.Drift("embedding");
        (drift.Count, drift.Mean, drift.MaxId).Should().Be((4, 0.5, "q"));
        CosineSimilarity cosine = report.Cosine;
        (cosine.Count, cosine.Min, cosine.MinId, cosine.Mean).Should().Be((2, 0.96, "q", 0.98));
    }

    [Theory]
    [InlineData("""{"id":5,"value":1}""", "id,value,error\n5,1,\n")]
    [InlineData("""{"id":"5","value":0.1}""", "value\tid\n1e-1\t5\n")]
    [InlineData("""{"value":0.1,"id":"a,\"b"}""", "id;value;note\n\"a,\"\"b\";0.10000000000000001;x\n")]
    [InlineData(
        """{"id":true,"choice":1,"probabilities":[0.25,0.75]}""",
        "id,choice,probabilities\r\ntrue,1,\"[0.25,0.75]\"\r\n")]
    [InlineData(
        """{"id":1,"label":"","score":1,"probabilities":{"":1,"x":0}}""",
        "id,label,score,p_,p_x,tokens,error\n1,,1,1,0,,\n")]
    [InlineData("""{"id":1,"answer":null}""", "id,answer,start,end,score\n1,,,,\n")]
    [InlineData("""{"id":1,"error":"no"}""", "id,label,score,p_x,tokens,error\n1,,,,,no\n")]
    public void Run_JsonAndTable_AreComparedByContent(string json, string table)
    {
        ComparisonReport report = Compared.Of(json, table);
        report.Records.Should().Be(1);
        report.Gaps.Should().BeEmpty();
        ToleranceCheck.Beyond(report, 0).Should().BeEmpty();
        report.Identical.Should().BeFalse();
    }

    [Theory]
    [InlineData("", RecordFormat.JsonLines)]
    [InlineData(" \r\n\t", RecordFormat.JsonLines)]
    [InlineData("\n {\"id\":1}", RecordFormat.JsonLines)]
    [InlineData("id,label\n1\t2", RecordFormat.Csv)]
    [InlineData("id\tlabel\r1,2", RecordFormat.Tsv)]
    [InlineData("[1]", RecordFormat.Csv)]
    public void Guess_FirstBytes_TellTheFormat(string start, RecordFormat expected) =>
        TextFormat.Guess(Encoding.UTF8.GetBytes(start)).Should().Be(expected);

    [Theory]
    [InlineData("", "")]
    [InlineData("{\"id\":1,\"value\":1}\n", "{\"id\":1,\"value\":1}\n")]
    public void Run_SameBytes_AreIdentical(string a, string b) => Compared.Of(a, b).Identical.Should().BeTrue();

    [Fact]
    public void Run_OtherBytesOfTheSameContent_AreNotIdentical()
    {
        ComparisonReport report = Compared.Of("{\"id\":1,\"value\":1}\n", "{\"id\":1,\"value\":1}");
        report.Identical.Should().BeFalse();
        ToleranceCheck.Beyond(report, 0).Should().BeEmpty();
    }

    [Theory]
    [InlineData("1 2", "1 x", "b: line 2: record 1 has the id 'x', but in a, line 2, '2'")]
    [InlineData("1", "1 2", "a: record 1: ends here, but b goes on with the id '2' on line 2")]
    [InlineData("1 2", "", "b: record 0: ends here, but a goes on with the id '1' on line 1")]
    [InlineData("1.0", "1", "b: line 1: record 0 has the id '1', but in a, line 1, '1.0'")]
    public void Run_OtherRecords_AreRefused(string a, string b, string message)
    {
        string Rows(string ids) => string.Concat(
            ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => $"{{\"id\":\"{id}\",\"value\":1}}\n"));
        FluentActions.Invoking(() => Compared.Of(Rows(a), Rows(b))).Should().Throw<GauFormatException>()
            .WithMessage(message);
    }

    [Fact]
    public void Run_LongIds_BothStandInTheMessage()
    {
        string Row(string id) => $"{{\"id\":\"{id}{new string('x', 10_000)}\",\"value\":1}}";
        FluentActions.Invoking(() => Compared.Of(Row("first"), Row("second"))).Should().Throw<GauFormatException>()
            .WithMessage("*second*first*").Which.Message.Length.Should().BeLessThan(400);
    }

    [Theory]
    [InlineData("""{"id":1,"value":1.25}""", 0.25, "")]
    [InlineData("""{"id":1,"value":1.25}""", 0.24, "value: |Δ| 0.25 at id '1'")]
    [InlineData("""{"id":1,"value":1,"label":"x"}""", 9, "label: 1 not comparable")]
    [InlineData("""{"id":1,"error":"x"}""", 9, "rejected: 1 in one file only")]
    public void Tolerance_Beyond_SaysWhat(string b, double tolerance, string expected) =>
        string.Join("; ", ToleranceCheck.Beyond(Compared.Of("""{"id":1,"value":1}""", b), tolerance))
            .Should().Be(expected);

    [Fact]
    public void Tolerance_OtherLabel_IsBeyondAny() =>
        ToleranceCheck.Beyond(
            Compared.Of("""{"id":1,"label":"x","tokens":1}""", """{"id":1,"label":"y","tokens":2}"""), double.MaxValue)
            .Should().Equal("label: 1 of 1 differ", "tokens: 1 of 1 differ");
}
