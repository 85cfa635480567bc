using System.Text.Json;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Scoring.Records;
using GauRuntime.Train.Finetuning;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Finetuning;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> notes = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_WithoutADevFile_KeepsAShareOfTheSameSeedAside()
    {
        long[] Dev(ulong seed, double share) =>
            [.. Read(TinyRecords.Texts(50, 1, "a", "b"), null, seed, share).Dev.Select(record => record.Number)];
        Dev(3, 0.2).Should().HaveCount(10).And.Equal(Dev(3, 0.2)).And.NotEqual(Dev(4, 0.2)).And.BeInAscendingOrder();
        Dev(3, 1e-9).Should().ContainSingle("none would judge");
        Dev(3, 0.999999).Should().HaveCount(49, "none would be learned");
    }

    [Fact]
    public void Read_WithADevFile_LearnsFromAllOthers()
    {
        Dataset data = Read(TinyRecords.Texts(20, 1, "a", "b"), TinyRecords.Texts(9, 2, "a", "b"));
        (data.Train.Count, data.Dev.Count).Should().Be((20, 9));
    }

    [Fact]
    public void Read_LabelThatOnlyTheDevFileHas_IsRefusedWithItsPlace() =>
        ((Action)(() => Read(TinyRecords.Texts(20, 1, "a", "b"), TinyRecords.Texts(2, 2, "a") + TinyRecords.Texts(1, 2, "丙"))))
            .Should().Throw<GauFormatException>().WithMessage("*dev.jsonl: line 3: the label '丙' is in no record that is trained on");

    /// <summary>gau eval takes a number that is no label for the place of one; who learns from labels may not.</summary>
    [Theory]
    [InlineData("\"1\"", "\"2\"", "\"0\"", "0")]
    [InlineData("1", "4", "0", "0")]
    [InlineData("[1,4]", "[4]", "[4,0]", "0")]
    public void Read_NumberThatOnlyTheDevFileHas_IsRefused(string one, string two, string other, string name)
    {
        static string Row(string label) => $"{{\"text\":\"一\",\"label\":{label}}}\n";
        Action read = () => Read(Row(one) + Row(two), Row(one) + Row(other));
        read.Should().Throw<GauFormatException>()
            .WithMessage($"*dev.jsonl: line 2: the label '{name}' is in no record that is trained on");
    }

    [Fact]
    public void Read_LabelOfClueThatOnlyTheDevFileHas_IsTold()
    {
        ClueTask clue = ClueTask.Find("tnews")!;
        string[] rows = File.ReadAllLines(Fixtures.Path("clue", "tnews.json"));
        string label = JsonDocument.Parse(rows[0]).RootElement.GetProperty("label").GetString()!;
        string others = string.Concat(rows.Where(row => !row.Contains($"\"{label}\"", StringComparison.Ordinal)).Select(row => row + "\n"));
        others.Should().NotBeEmpty();
        Dataset.Read(
            new DatasetSource
            {
                Data = [InputFile.Find(folder.Write("train.json", others), RecordFormat.JsonLines)],
                Dev = [InputFile.Find(Fixtures.Path("clue", "tnews.json"), RecordFormat.JsonLines)], Clue = clue,
                Fields = ClueRecipe.Task(clue).Fields with { Label = ClueReader.Label },
            }, ClueRecipe.Task(clue), notes.Add);
        notes.Should().ContainSingle(note => note.StartsWith("the label '", StringComparison.Ordinal)
            && note.EndsWith("the model cannot learn it", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_LabelThatOnlyTheShareForJudgingHas_IsTold()
    {
        string records = TinyRecords.Texts(30, 1, "a", "b") + TinyRecords.Texts(1, 1, "only");
        for (ulong seed = 0; notes.Count == 0; seed++)
            Read(records, null, seed, 0.5).Labels.Labels.Should().Contain("only");
        notes.Should().ContainSingle().Which.Should().StartWith("the label 'only' is only in records that judge, 1 of them");
    }

    [Theory]
    [InlineData("", "*train.jsonl*")]
    [InlineData("{\"text\":\"一\",\"label\":\"a\"}\n", "*train.jsonl: labels: every record has the label 'a'*")]
    [InlineData("{\"text\":\"一\"}\n", "*train.jsonl: line 1: *no field 'label'*")]
    [InlineData("{\"body\":\"一\",\"label\":\"a\"}\n", "*train.jsonl: line 1: *no field 'text'*")]
    public void Read_NothingToLearn_IsOneLineWithTheFile(string records, string pattern) =>
        ((Action)(() => Read(records, null))).Should().Throw<GauFormatException>().WithMessage(pattern);

    [Theory]
    [InlineData("iflytek", 119)]
    [InlineData("tnews", 15)]
    [InlineData("afqmc", 2)]
    [InlineData("ocnli", 3)]
    [InlineData("wsc", 2)]
    [InlineData("csl", 2)]
    [InlineData("c3", 0)]
    [InlineData("chid", 0)]
    public void Read_ClueFiles_AsTheyAre(string name, int labels)
    {
        ClueTask clue = ClueTask.Find(name)!;
        InputFile input = InputFile.Find(Fixtures.Path("clue", name + ".json"), null);
        IReadOnlyDictionary<string, int>? answers = null;
        if (clue.HasAnswers)
        {
            using Stream stream = File.OpenRead(IdiomBlanks.FileBeside(input.Name));
            answers = IdiomBlanks.ReadAnswers(input.Name, stream);
        }
        Dataset data = Dataset.Read(
            new DatasetSource
            {
                Data = [input], Dev = [input], Clue = clue, Answers = answers,
                Fields = ClueRecipe.Task(clue).Fields with { Label = ClueReader.Label },
            }, ClueRecipe.Task(clue), notes.Add);
        data.Labels.Labels.Should().HaveCount(labels);
        data.Train.Should().NotBeEmpty().And.HaveSameCount(data.Dev);
    }

    private Dataset Read(string train, string? dev, ulong seed = 0, double share = 0.1)
    {
        InputFile File(string name, string content) => InputFile.Find(folder.Write(name, content), null);
        TrainingTask task = TrainingTask.Of("sequence", null);
        return Dataset.Read(
            new DatasetSource
            {
                Data = [File("train.jsonl", train)], Dev = dev is null ? [] : [File("dev.jsonl", dev)], Seed = seed,
                DevShare = share, Fields = task.Fields with { Label = "label" },
            }, task, notes.Add);
    }
}
