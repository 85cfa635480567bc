using System.Text;
using FluentAssertions;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Clue;

/// <summary>What the files of CLUE's tasks become.</summary>
public sealed class ClueReaderTests
{
    [Fact]
    public void Read_TwoTexts_AreAPair()
    {
        List<TextRecord> records = Read("afqmc", "afqmc.json", Head(2));
        records.Select(r => (r.Text, r.Pair, r.Others)).Take(2).Should().Equal(
            ("怎么还款", "还款的方法是什么", "\"label\":\"LABEL_1\""), ("怎么还款", "怎么开户", "\"label\":\"LABEL_0\""));
        records[3].Error.Should().Be("no field 'sentence2'");
        records[3].Raw.Should().NotBeNull();
        records[3].Place.Line.Should().Be(4);
    }

    [Fact]
    public void Read_LabelsOfTheModelByName_ComeFirst()
    {
        HeadConfig named = Head(2) with { Labels = ["1", "0"] };
        Read("afqmc", "afqmc.json", named).Select(r => r.Others).Take(2).Should()
            .Equal("\"label\":\"1\"", "\"label\":\"0\"");
    }

    [Fact]
    public void Read_LabelThatTheTaskLacks_IsAReject()
    {
        Read("iflytek", "iflytek.json", Head(119))[3].Error.Should().Be("label '119': iflytek has no such label");
        Read("cmnli", "cmnli.json", Head(3))[2].Error.Should().Be("label '-': cmnli has no such label");
    }

    [Fact]
    public void Read_Wsc_MarksNounAndPronoun()
    {
        List<TextRecord> records = Read("wsc", "wsc.json", Head(2));
        records[0].Text.Should().Be("_小猫_饿了，给[它]一条鱼。");
        records[1].Text.Should().Be("[她]问过_老师_了😀。");
        records[2].Error.Should().Be("'它' does not stand at 9");
        records[0].Others.Should().Be("\"label\":\"LABEL_0\"");
    }

    [Fact]
    public void Read_Wsc_SpansThatTouchAndCharactersBeyondTheBasicPlane_StayWhole()
    {
        const string Line = "{\"target\":{\"span1_index\":1,\"span1_text\":\"甲\",\"span2_index\":2,\"span2_text\":\"他\"},\"text\":\"😀甲他\"}";
        Records("wsc", Line, Head(2)).Single().Text.Should().Be("😀_甲_[他]");
    }

    [Fact]
    public void Read_Csl_JoinsTheKeywords() =>
        Read("csl", "csl.json", Head(2)).Select(r => (r.Text, r.Pair, r.Id.ToString())).Should().Equal(
            ("检测 实验", "提出一种检测方法，并用实验说明其有效。", "0"), ("交通 水稻", "分析城市交通的流量。", "1"));

    [Fact]
    public void Read_Cmrc_IsARecordPerQuestion()
    {
        List<TextRecord> records = Read("cmrc2018", "cmrc2018.json", Answering);
        records.Select(r => r.Id.ToString()).Should().Equal("DEV_0_QUERY_0", "DEV_0_QUERY_1", "DEV_1_QUERY_0");
        records[0].Text.Should().Be("桥有多长？");
        records[0].Pair.Should().Be("桥长三百米，建于1998年。桥上可以走车。");
        records[0].Others.Should().Be("\"label\":[\"三百米\",\"桥长三百米\"]");
    }

    [Fact]
    public void Read_C3_PutsTheQuestionBeforeEachChoice()
    {
        List<TextRecord> records = Read("c3", "c3.json", Choosing);
        records.Should().HaveCount(3);
        records[0].Text.Should().Be("女：这里的书可以借吗？\n男：可以，用身份证就行。");
        records[1].Choices.Should().Equal("需要什么？ 钱", "需要什么？ 身份证");
        records.Select(r => r.Others).Should().Equal("\"label\":0", "\"label\":1", "\"label\":1");
        TextRecord test = Read("c3", "c3_test.json", Choosing).Single();
        (test.Id.ToString(), test.Others, test.Error).Should().Be(("7", null, null));
    }

    [Fact]
    public void Read_Chid_IsARecordPerBlank()
    {
        List<TextRecord> records = Read("chid", "chid.json", Choosing, Answers());
        records.Select(r => (r.Id.ToString(), r.Text)).Should().Equal(
            ("#idiom000000#", "他做事总是[MASK][MASK][MASK][MASK]，大家都放心。"),
            ("#idiom000001#", "两人[MASK][MASK][MASK][MASK]，又[UNK]。"),
            ("#idiom000002#", "两人[UNK]，又[MASK][MASK][MASK][MASK]。"));
        records.Should().OnlyContain(r => r.ParsesSpecial && r.Choices!.Count == 4);
        records.Select(r => r.Others).Should().Equal("\"label\":0", "\"label\":1", "\"label\":2");
        Read("chid", "chid.json", Choosing).Should().OnlyContain(r => r.Others == null);
    }

    [Fact]
    public void Read_ChidWithOneText_ReadsItAsAListOfOne()
    {
        TextRecord record = Records(
            "chid", "{\"candidates\":[\"一\",\"二\"],\"content\":\"他#idiom000001#。\"}", Choosing,
            new Dictionary<string, int> { ["#idiom000001#"] = 1 }).Single();
        (record.Text, record.Others, record.Error).Should().Be(("他[MASK][MASK][MASK][MASK]。", "\"label\":1", null));
    }

    [Fact]
    public void Read_ChidBlanksWithoutTextBetween_AreOfOneEach()
    {
        const string Line = "{\"candidates\":[\"一\",\"二\"],\"content\":\"#idiom000001##idiom000002#idiom000003#idiom4#\"}";
        Records("chid", Line, Choosing).Select(r => (r.Id.ToString(), r.Text)).Should().Equal(
            ("#idiom000001#", "[MASK][MASK][MASK][MASK][UNK]idiom000003#idiom4#"),
            ("#idiom000002#", "[UNK][MASK][MASK][MASK][MASK]idiom000003#idiom4#"));
    }

    [Theory]
    [InlineData(1000, 1000, null)]
    [InlineData(1001, 1, "more than 1000 blanks")]
    public void Read_ChidWithManyBlanks_MakesOneRecordAtATimeAndRefusesTooMany(int blanks, int records, string? error)
    {
        string text = string.Concat(Enumerable.Range(0, blanks).Select(i => $"#idiom{i:d6}#")) + new string('。', 300_000);
        string line = $"{{\"candidates\":[\"一\",\"二\"],\"content\":[\"{text[..6500]}\",\"{text[6500..]}\"]}}";
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        InputFile input = new("x.json", RecordFormat.JsonLines, bytes.Length, () => new MemoryStream(bytes));
        using RecordSource source = new([ClueTask.Find("chid")!.Input(input, Choosing, null)], new RecordFields());
        long before = GC.GetAllocatedBytesForCurrentThread();
        source.Next()!.Value.Error.Should().Be(error);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20, "all at once are 300 MB");
        int count = 1;
        while (source.Next() is not null)
            count++;
        count.Should().Be(records);
    }

    [Fact]
    public void Read_C3WithManyChoices_IsRefusedBeforeTheyAreMade()
    {
        string choices = string.Join(',', Enumerable.Repeat("\"\"", 100_000)), question = new('问', 20_000);
        string content = $"[[[\"a\"],[{{\"question\":\"{question}\",\"choice\":[{choices}]}}]]]";
        long before = GC.GetAllocatedBytesForCurrentThread();
        Records("c3", content, Choosing).Single().Error.Should().Be("more than 256 choices");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(128 << 20, "all of them are 4 GB");
    }

    [Fact]
    public void Read_CluenerWithManyPlaces_LooksThroughTheTextOnce()
    {
        string text = "😀" + new string('甲', 200_000);
        string places = string.Join(',', Enumerable.Repeat("[200000,200000]", 100_000));
        TextRecord record = default;
        TimeSpan time = ProcessorTime.Of(() => record = Records(
            "cluener", $"{{\"text\":\"{text}\",\"label\":{{\"name\":{{\"甲\":[{places}]}}}}}}", Tagging).Single());
        record.Error.Should().BeNull();
        time.Should().BeLessThan(TimeSpan.FromSeconds(15), "a look for every place took minutes");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Read_ChidAnswerThatIsNoCandidate_IsAReject(int answer) =>
        Records(
            "chid", "{\"candidates\":[\"一\",\"二\"],\"content\":[\"他#idiom000001#。\"]}", Choosing,
            new Dictionary<string, int> { ["#idiom000001#"] = answer }).Single().Error
            .Should().Be($"answer {answer}: there are 2 candidates");

    // The codes and their names as the labels.json of tnews_public pairs them; 105 and 111 are no codes.
    [Fact]
    public void Read_LabelsOfTheModelByClueNames_AreTheCodes()
    {
        string[] names = ["news_game", "news_agriculture", "news_stock", "news_world", "news_travel", "news_military",
            "news_tech", "news_edu", "news_car", "news_house", "news_finance", "news_sports", "news_entertainment",
            "news_culture", "news_story"];
        int[] codes = [116, 115, 114, 113, 112, 110, 109, 108, 107, 106, 104, 103, 102, 101, 100];
        Records("tnews", string.Concat(codes.Select(c => $"{{\"sentence\":\"x\",\"label\":\"{c}\"}}\n")),
            TinyModel.Sequence with { Labels = names }).Select(r => r.Others).Should()
            .Equal(names.Select(name => $"\"label\":\"{name}\""));
    }

    [Fact]
    public void Read_LabelsAsNumbersInAnotherOrder_NameTheIndex() =>
        Records("cmnli", "{\"sentence1\":\"x\",\"sentence2\":\"y\",\"gold_label\":\"neutral\"}",
            Head(3) with { Labels = ["LABEL_2", "LABEL_0", "LABEL_1"] }).Single().Others.Should().Be("\"label\":\"LABEL_2\"");

    [Theory]
    [InlineData("afqmc", "same,different", "afqmc: the model's label 'same' is none of the task's")]
    [InlineData("cmnli", "LABEL_1,LABEL_2,LABEL_3", "cmnli: the model's label 'LABEL_1' is none of the task's")]
    [InlineData("cmnli", "neutral,Neutral,entailment", "cmnli: two of the model's labels mean the same")]
    public void Read_LabelsThatTheTaskLacks_AreRefused(string task, string labels, string reason) =>
        FluentActions.Invoking(() => Records(task, "", TinyModel.Sequence with { Labels = labels.Split(',') }))
            .Should().Throw<ScoringException>().Which.Message.Should().StartWith(reason).And.Contain("--labels FILE");

    [Fact]
    public void Read_Cluener_EndsBehindTheLastCharacter() =>
        Read("cluener", "cluener.json", Tagging).Select(r => r.Others).Should().Equal(
            "\"label\":[{\"label\":\"name\",\"start\":0,\"end\":2},{\"label\":\"address\",\"start\":3,\"end\":5}]",
            "\"label\":[{\"label\":\"name\",\"start\":0,\"end\":1}]", "\"label\":[]");

    [Theory]
    [InlineData("{\"data\":[{\"paragraphs\":[", "not JSON")]
    [InlineData("", "not JSON")]
    [InlineData("{\"version\":\"v1.0\"}", "no array 'data'")]
    [InlineData("[{\"data\":[]}]", "no array 'data'")]
    [InlineData("{\"data\":[]} x", "not JSON")]
    [InlineData("{\"data\":{\"data\":[]}}", "no array 'data'")]
    public void Read_FileThatIsNotLaidOutSo_IsRefused(string content, string reason)
    {
        Action read = () => Records("cmrc2018", content, Answering);
        read.Should().Throw<GauFormatException>().Which.Reason.Should().Be(reason);
    }

    [Theory]
    [InlineData("cmrc2018", "{\"data\":[1,{\"paragraphs\":3}]}", "expected a JSON object|field 'paragraphs' is no array")]
    [InlineData("c3", "[[[\"a\"]],{}]", "expected an array of lines and questions|expected an array of lines and questions")]
    [InlineData("c3", "[[[\"a\"],[{\"question\":\"q\",\"choice\":[\"x\"],\"answer\":\"y\"}]]]", "the answer is none of the choices")]
    [InlineData("chid", "{\"candidates\":[],\"content\":[\"#idiom000001#\"]}", "no choices")]
    [InlineData("cluener", "{\"text\":\"a\",\"label\":{\"name\":{\"a\":[[0]]}}}", "a place is no [first, last]")]
    [InlineData("cluener", "3", "expected a JSON object")]
    [InlineData("cluener", "{\"text\":\"甲乙\",\"label\":{\"name\":{\"甲\":[[1,1]]}}}", "'甲' does not stand at 1 to 1")]
    [InlineData("cluener", "{\"text\":\"甲乙\",\"label\":{\"name\":{\"甲乙丙\":[[0,2]]}}}", "'甲乙丙' does not stand at 0 to 2")]
    [InlineData("cluener", "{\"text\":\"甲乙\",\"label\":{\"name\":{\"\":[[1,0]]}}}", "'' does not stand at 1 to 0")]
    [InlineData("cluener", "{\"text\":\"甲乙\",\"label\":{\"name\":{\"甲\":[[-1,0]]}}}", "'甲' does not stand at -1 to 0")]
    [InlineData("cmrc2018", "{\"data\":[{\"paragraphs\":[{\"context\":\"a\",\"qas\":[{\"question\":\"q\",\"answers\":\"x\"}]}]}]}", "field 'answers' is no array")]
    [InlineData("c3", "[[[\"a\"],[3]]]", "expected a JSON object")]
    [InlineData("chid", "{\"candidates\":[\"x\"],\"content\":3}", "field 'content' is no array")]
    [InlineData("chid", "{\"id\":\"\\ud800\"}", "no field 'candidates'")]
    [InlineData("cluener", "{\"text\":\"甲\",\"label\":{\"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五\":{\"甲\":[[0,0]]}}}", "a label is longer than 64 characters")]
    [InlineData("tnews", "[]\n\n{\"sentence\":1}\n{", "expected a JSON object|field 'sentence' is no text|not JSON at byte 1 of the record")]
    [InlineData("tnews", "{\"sentence\":\"\\ud800\"}", "a string is not UTF-8, or holds half of a surrogate pair")]
    public void Read_RecordThatIsNotLaidOutSo_IsAReject(string task, string content, string errors) =>
        Records(task, content, task is "tnews" ? Head(15) : Choosing).Select(r => r.Error).Should().Equal(errors.Split('|'));

    [Fact]
    public void Read_ElementsLongerThanTheBuffer_AreReadInPieces()
    {
        string context = new('桥', 100_000);
        string element = $"{{\"paragraphs\":[{{\"context\":\"{context}\",\"qas\":[{{\"question\":\"q\",\"id\":\"1\"}}]}}]}}";
        List<TextRecord> records = Records("cmrc2018", $"{{\"x\":[[1],{{\"data\":[]}}],\"data\":[{element},{element}]}}", Answering);
        records.Select(r => r.Pair).Should().Equal(context, context);
        Action read = () => Records("cmrc2018", $"{{\"data\":[{element}]}}", Answering, longest: 200_000);
        read.Should().Throw<GauFormatException>().Which.Reason.Should().Contain("longer than the longest line");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"#idiom000000#\":\"x\"}")]
    [InlineData("{\"#idiom000000#\":1.5}")]
    [InlineData("{\"#idiom000000#\":\"99999999999\"}")]
    [InlineData("{\"#idiom000000#\":99999999999}")]
    [InlineData("{")]
    public void ReadAnswers_OfSomethingElse_AreRefused(string content)
    {
        Action read = () => IdiomBlanks.ReadAnswers("a.json", new MemoryStream(Encoding.UTF8.GetBytes(content)));
        read.Should().Throw<GauFormatException>().Which.File.Should().Be("a.json");
    }

    private static HeadConfig Choosing => TinyModel.NoHead with { Kind = HeadKind.MultipleChoice };

    private static HeadConfig Answering => TinyModel.NoHead with { Kind = HeadKind.QuestionAnswering };

    private static HeadConfig Tagging =>
        TinyModel.NoHead with { Kind = HeadKind.TokenClassification, Labels = ["O", "S-name"] };

    private static HeadConfig Head(int labels) =>
        TinyModel.Sequence with { Labels = [.. Enumerable.Range(0, labels).Select(i => $"LABEL_{i}")] };

    private static IReadOnlyDictionary<string, int> Answers()
    {
        using FileStream stream = File.OpenRead(Fixtures.Path("clue", "chid_answer.json"));
        return IdiomBlanks.ReadAnswers("chid_answer.json", stream);
    }

    private static List<TextRecord> Read(
        string task, string file, HeadConfig head, IReadOnlyDictionary<string, int>? answers = null) =>
        Records(task, File.ReadAllText(Fixtures.Path("clue", file)), head, answers);

    private static List<TextRecord> Records(
        string task, string content, HeadConfig head, IReadOnlyDictionary<string, int>? answers = null,
        int longest = RecordSource.DefaultLongestLine)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        InputFile input = new("x.json", RecordFormat.JsonLines, bytes.Length, () => new MemoryStream(bytes));
        using RecordSource source = new(
            [ClueTask.Find(task)!.Input(input, head, answers)], new RecordFields(), longest);
        List<TextRecord> records = [];
        while (source.Next() is { } record)
            records.Add(record);
        return records;
    }
}
