using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;
using GauRuntime.Train.Finetuning;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Finetuning;

/// <summary>Examples have the runtime's tokens, and targets that lead back to the labels.</summary>
public sealed class ExampleReaderTests
{
    private static readonly string[] Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "一", "二", "三", "四", "a", "##b", "𠮷"];

    private static readonly HeadConfig Entities =
        TinyModel.NoHead with { Kind = HeadKind.TokenClassification, Labels = ["O", "B-x", "I-x", "B-y", "I-y"] };

    private static readonly HeadConfig Question = TinyModel.NoHead with
    {
        Kind = HeadKind.QuestionAnswering, Labels = ["start", "end"], Segments = SegmentPolicy.Pairs,
    };

    [Fact]
    public void Read_Entities_MarksBeginAndInsideInCodePoints()
    {
        // 𠮷 is one code point of two units: places are counted as Python does.
        Example example = Reader(Entities).Read(Record(
            "𠮷一二ab三", label: """[{"label":"x","start":0,"end":2},{"label":"y","start":3,"end":5}]"""))!;
        example.Targets.Should().Equal(-100, 1, 2, 0, 3, 4, 0, -100);
        LogitAnswers answers = new(Entities);
        float[] logits = [.. example.Targets.SelectMany(target => Enumerable.Range(0, 5).Select(label => label == target ? 9f : 0))];
        ((EntityAnswer)answers.Of(example, logits)!).Entities.Select(e => (e.Label, e.Start, e.End))
            .Should().Equal(("x", 0, 3), ("y", 4, 6));
    }

    [Fact]
    public void Read_EntityOfAPair_IsMarkedInThePairOnly()
    {
        Example example = Reader(Entities).Read(Record(
            "一二", "一二", """[{"label":"x","start":0,"end":1,"pair":true}]"""))!;
        example.Targets.Should().Equal(-100, 0, 0, -100, 1, 0, -100);
    }

    [Theory]
    [InlineData("\"三四\"", 4, 5)]
    [InlineData("[\"不\",\"二\"]", 3, 3)]
    public void Read_Answer_IsTheFirstThatStandsInTheContext(string label, int first, int last)
    {
        Example example = Reader(Question).Read(Record("一", "二三四", label))!;
        example.Targets.Should().Equal(first, last);
        example.Sequences[0].Segments.Should().Equal(0, 0, 0, 1, 1, 1, 1);
        float[] logits = new float[2 * 7];
        (logits[2 * first], logits[2 * last + 1]) = (9, 9);
        SpanAnswer answer = (SpanAnswer)new LogitAnswers(Question).Of(example, logits)!;
        label.Should().Contain("二三四"[answer.Start..answer.End]);
    }

    [Theory]
    [InlineData("\"五\"", 20)]
    [InlineData("\"四\"", 6)]
    public void Read_AnswerThatIsNotThereOrCutOff_IsNoExample(string label, int maxTokens) =>
        Reader(Question, maxTokens).Read(Record("一", "二三四", label)).Should().BeNull();

    [Fact]
    public void Read_Choices_AreSequencesOfTheirOwn()
    {
        HeadConfig head = TinyModel.NoHead with { Kind = HeadKind.MultipleChoice };
        Example example = Reader(head).Read(Record("一", label: "1", choices: ["二", "三四"]))!;
        example.Sequences.Select(sequence => sequence.Ids.Length).Should().Equal(5, 6);
        (example.Targets[0], example.Length).Should().Be((1, 6));
    }

    [Fact]
    public void Read_TextsOfSeveralLabelsAndValues_HaveNumbers()
    {
        HeadConfig head = TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel };
        Reader(head).Read(Record("一", label: "[\"c\",0]"))!.Values.Should().Equal(1, 0, 1);
        Reader(head with { Labels = ["score"], ProblemType = ProblemType.Regression })
            .Read(Record("一", label: "\"-0.5\""))!.Values.Should().Equal(-0.5f);
        Reader(TinyModel.Sequence).Read(Record("一", label: "\"b\""))!.Targets.Should().Equal(1);
    }

    [Fact]
    public void Of_LogitsThatAreNotFinite_IsNoAnswer() => new LogitAnswers(TinyModel.Sequence)
        .Of(Reader(TinyModel.Sequence).Unlabelled(Record("一", label: "\"a\"")), [0, float.NaN, 0]).Should().BeNull();

    [Fact]
    public void EpochPlan_OfAnyEpoch_HasEveryExampleOnceAndChoicesTogether()
    {
        Example Of(int sequences) => new(
            [.. Enumerable.Range(0, sequences).Select(_ => new EncodedSequence([1], [0], [default]))], [0], []);
        Example[] examples = [.. Enumerable.Range(0, 25).Select(i => Of(1 + i % 2))];
        IReadOnlyList<int[]> plan = EpochPlan.Of(examples, 4, 7, 0);
        plan.SelectMany(batch => batch).Should().BeEquivalentTo(Enumerable.Range(0, 25));
        plan.Should().OnlyContain(batch => batch.Length <= 4 && batch.All(i => i % 2 == batch[0] % 2));
        plan.Should().BeEquivalentTo(EpochPlan.Of(examples, 4, 7, 0), options => options.WithStrictOrdering());
        plan.SelectMany(batch => batch).Should().NotEqual(EpochPlan.Of(examples, 4, 7, 1).SelectMany(batch => batch));
        EpochPlan.ByLength(examples, 4).SelectMany(batch => batch).Should().BeEquivalentTo(Enumerable.Range(0, 25));
    }

    private static ExampleReader Reader(HeadConfig head, int maxTokens = 64) => new(
        new GauTokenizer(Vocabulary, new TokenizerConfig { LowerCase = true, Rules = Dialect.Port }), head, maxTokens);

    private static TextRecord Record(string text, string? pair = null, string? label = null, string[]? choices = null) => new()
    {
        Number = 0, Id = RecordId.OfNumber(0), Place = new RecordPlace("test", 1, 0), Text = text, Pair = pair,
        Choices = choices, Label = label,
    };
}
