namespace GauRuntime.Train.Tests.Commands;

/// <summary>Bad input gets one line and the right code, before anything is computed or written.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Good = "{\"text\":\"一\",\"label\":\"a\"}\n{\"text\":\"二\",\"label\":\"b\"}\n{\"text\":\"三\",\"label\":\"b\"}\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, int, string> Lines => new()
    {
        { "DATA=; --labels label", 65, "train.jsonl" },
        { "DATA={}\n; --labels label", 65, "no field 'text'" },
        { "DATA={\"text\":\"一\"}\n; --labels label", 65, "no field 'label' with a label" },
        { $"DATA={Good}; --labels kind", 65, "no field 'kind' with a label" },
        { $"DATA={Good}; --labels label --text body", 65, "no field 'body'" },
        { "DATA={\"text\":\"一\",\"label\":\"a\"}\n; --labels label", 65, "every record has the label 'a': there is nothing to tell apart" },
        { $"DATA={Good}; --labels label --dev DEV", 65, "dev.jsonl: line 1: the label 'c' is in no record that is trained on" },
        { $"DATA={Good}; --labels label --dev missing.jsonl", 66, "missing.jsonl: no such file" },
        { $"DATA={Good}; --labels label --dev train.jsonl", 2, "is among DATA" },
        { $"DATA={Good}; --labels label --dev DEV --dev-share 0.5", 2, "leave one of them out" },
        { $"DATA={Good}; --labels label --dev-share 1", 2, "--dev-share: 1 is not between 0 and 1" },
        { $"DATA={Good}; --labels text", 2, "--labels: 'text' is the field of something else" },
        { $"DATA={Good}; --labels label --delimiter tab", 2, "--delimiter is for CSV" },
        { $"DATA={Good}; --labels label --max-length 7", 2, "--max-length: '7' is not a whole number from 8" },
        { $"DATA={Good}; ", 2, "--labels FIELD" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Head_OfBadInput_SaysSoInOneLine(string call, int code, string reason) =>
        Require(["head", Fixtures.Gau()], call, code, reason);

    [Theory]
    [MemberData(nameof(Lines))]
    public void Finetune_OfBadInput_SaysSoInOneLine(string call, int code, string reason) =>
        Require(["finetune", Fixtures.Gau(), "--task", "sequence"], call, code, reason);

    [Theory]
    [InlineData("--task sequence --labels label --clue-task tnews", 2, "--clue-task says what is trained: leave --task out")]
    [InlineData("--labels label", 2, "finetune needs --task TASK and --labels FIELD, or --clue-task NAME")]
    [InlineData("--clue-task cmrc2018", 2, "--clue-task cmrc2018: the authors' head is GlobalPointer")]
    [InlineData("--clue-task cluener", 2, "the authors' head is EfficientGlobalPointer")]
    [InlineData("--clue-task tnews --labels label", 2, "--labels: the files of --clue-task tnews say that themselves")]
    [InlineData("--clue-task tnews", 65, "label 'a': tnews has no such label")]
    [InlineData("--task token --labels label", 65, "the label is no array of entities")]
    [InlineData("--task choice --labels label", 65, "no field 'choices'")]
    [InlineData("--task qa --labels label", 65, "no field 'question'")]
    [InlineData("--task pair --labels label", 65, "no field 'pair'")]
    [InlineData("--task sequence --labels label --choices c", 2, "--choices: a sequence_classification has none: leave it out")]
    [InlineData("--task token --labels label --problem multi", 2, "--problem: a token_classification has none: leave it out")]
    [InlineData("--task sequence --labels label --dropout 1", 2, "--dropout: 1 is not below 1")]
    [InlineData("--task sequence --labels label --rate 0", 2, "--rate: with a rate of 0 nothing is learned")]
    [InlineData("--task sequence --labels label --device tpu", 2, "--device: 'tpu' is none of cpu, cuda and cuda:N")]
    [InlineData("--task sentence --labels label", 2, "--task: 'sentence' is none of sequence, token, choice, qa, pair")]
    public void Finetune_OfOptionsThatDoNotFit_SaysSoInOneLine(string options, int code, string reason) =>
        Require(["finetune", Fixtures.Gau()], $"DATA={Good}; {options}", code, reason);

    [Fact]
    public void Head_OfAModelThatIsNone_SaysSoInOneLine()
    {
        string train = folder.Write("train.jsonl", Good);
        foreach ((string model, int code) in ((string, int)[])[(folder.Path("nothing"), 66), (train, 65)])
        {
            TrainRun run = TrainRun.Of("head", model, train, "--labels", "label", "-o", folder.Path("out"));
            (run.Code, run.Error.Trim().Split('\n').Length).Should().Be((code, 1), run.Error);
        }
    }

    [Fact]
    public void Head_OfAVocabularyWithoutASpecialToken_SaysSoInOneLine()
    {
        foreach (string name in (string[])["config.json", "model.safetensors"])
            folder.Copy(Fixtures.Gau(name));
        folder.Write("vocab.txt", File.ReadAllText(Fixtures.Gau("vocab.txt")).Replace("[MASK]", "[M]", StringComparison.Ordinal));
        string train = folder.Write("train.jsonl", Good);
        TrainRun run = TrainRun.Of("head", folder.Root, train, "--labels", "label", "-o", folder.Path("out"));
        run.Code.Should().Be(65);
        run.Error.Should().Contain("the token [MASK] is missing");
    }

    [Fact]
    public void Head_OfAModelOfOtherRules_SaysSoInOneLine()
    {
        string keras = GauConvert.To(folder.Path("keras"), Fixtures.Gau(), "--dialect", "keras");
        string train = folder.Write("train.jsonl", Good);
        TrainRun run = TrainRun.Of("head", keras, train, "--labels", "label", "-o", folder.Path("out"));
        (run.Code, run.Error.Trim().Split('\n').Length).Should().Be((2, 1), run.Error);
        run.Error.Should().Contain("follows the rules of keras").And.Contain("--dialect port");
    }

    [Fact]
    public void Head_OfMorePositionsThanWereLearned_SaysSoInOneLine()
    {
        string train = folder.Write("train.jsonl", Good);
        TrainRun run = TrainRun.Of(
            "head", Fixtures.Path("bert-tiny"), train, "--labels", "label", "--max-length", "513", "-o", folder.Path("out"));
        run.Code.Should().Be(2);
        run.Error.Should().Contain("--max-length 513: the model has learned 512 positions");
    }

    [Fact]
    public void Head_OutputThatIsThere_IsRefusedBeforeTheWork()
    {
        string train = folder.Write("train.jsonl", Good);
        folder.Write("file", "a");
        TrainRun.Of("head", Fixtures.Gau(), train, "--labels", "label", "-o", folder.Path("file")).Code.Should().Be(73);
        TrainRun run = TrainRun.Of("head", Fixtures.Gau(), train, "--labels", "label", "-o", folder.Root, "--force");
        run.Code.Should().Be(73);
        run.Error.Should().Contain("which is no file of a checkpoint: nothing is replaced");
        TrainRun.Of("head", Fixtures.Gau(), train, "--labels", "label").Code.Should().Be(2);
    }

    private void Require(string[] begin, string call, int code, string reason)
    {
        string data = call["DATA=".Length..call.LastIndexOf(';')];
        string train = folder.Write("train.jsonl", data);
        string dev = folder.Write("dev.jsonl", "{\"text\":\"一\",\"label\":\"c\"}\n");
        string[] options =
        [
            .. call[(call.LastIndexOf(';') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word switch
            {
                "DEV" => dev,
                "missing.jsonl" or "train.jsonl" => folder.Path(word),
                _ => word,
            }),
        ];
        TrainRun run = TrainRun.Of([.. begin, train, "-o", folder.Path("out"), .. options]);
        run.Error.Should().Contain(reason);
        run.Code.Should().Be(code, run.Error);
        run.Error.Trim().Split('\n').Should().ContainSingle(run.Error);
        run.Output.Should().BeEmpty();
        folder.Files.Should().Equal("dev.jsonl", "train.jsonl");
        Directory.GetDirectories(folder.Root).Should().BeEmpty();
    }
}
