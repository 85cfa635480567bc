using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Train.Finetuning;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Finetuning;

public sealed class LabelSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("sequence", "\"b\",\"a\",\"b\"", "a,b", ProblemType.SingleLabel)]
    [InlineData("sequence", "10,9,\"法律\",2", "2,9,10,法律", ProblemType.SingleLabel)]
    [InlineData("sequence", "true,false", "false,true", ProblemType.SingleLabel)]
    [InlineData("pair", "\"0\",\"1\"", "0,1", ProblemType.SingleLabel)]
    [InlineData("sequence", "[\"x\"],[],[\"y\",\"x\"]", "x,y", ProblemType.MultiLabel)]
    [InlineData("token", "[{\"label\":\"人\",\"start\":0,\"end\":1}],[],[{\"label\":\"a\",\"start\":1,\"end\":2}]", "O,B-a,I-a,B-人,I-人", ProblemType.SingleLabel)]
    [InlineData("choice", "0,\"1\"", "", ProblemType.SingleLabel)]
    [InlineData("qa", "\"x\",[\"y\"]", "start,end", ProblemType.SingleLabel)]
    public void Of_Labels_GivesTheOutputs(string task, string labels, string outputs, ProblemType problem)
    {
        LabelSet set = Of(task, null, labels);
        string.Join(",", set.Labels).Should().Be(outputs);
        set.Problem.Should().Be(problem);
    }

    [Fact]
    public void Of_Values_IsOneOutputWhereTheUserSaysSo()
    {
        LabelSet set = Of("pair", "regression", "0.5,\"1.25\",-3");
        (set.Labels.Single(), set.Problem).Should().Be(("score", ProblemType.Regression));
    }

    [Theory]
    [InlineData("sequence", "\"a\",\"a\"", "every record has the label 'a': there is nothing to tell apart")]
    [InlineData("token", "[],[]", "no record has an entity: there is nothing to find")]
    [InlineData("sequence", "[],[]", "no record has a label")]
    [InlineData("sequence", "\"a\",[\"b\"]", "line 2: its label is an array, but that of the first record is none")]
    [InlineData("sequence", "[\"a\"],\"b\"", "line 2: its label is no array, but that of the first record is")]
    public void Of_NothingToLearn_IsRefused(string task, string labels, string reason) =>
        ((Action)(() => Of(task, null, labels))).Should().Throw<GauFormatException>().WithMessage($"*{reason}*");

    [Fact]
    public void Of_NumbersWithFractions_AsksWhetherTheyAreValues()
    {
        string values = string.Join(",", Enumerable.Range(0, 30).Select(i => TinyRecords.Of(i + 0.5)));
        ((Action)(() => Of("sequence", null, values))).Should().Throw<ToolException>()
            .WithMessage("*--problem regression learns a value*").Which.Code.Should().Be(ExitCode.Usage);
        Of("sequence", "single", values).Labels.Should().HaveCount(30);
    }

    [Theory]
    [InlineData("sequence", "null", "no field 'label' with a label")]
    [InlineData("sequence", "\" \"", "the label is empty")]
    [InlineData("sequence", "{}", "a label is neither a text nor a number")]
    [InlineData("token", "\"a\"", "the label is no array of entities")]
    [InlineData("token", "[{\"label\":\"a\",\"start\":0}]", "is no entity with label, start and end")]
    [InlineData("token", "[{\"label\":\"O\",\"start\":0,\"end\":1}]", "an entity has the label 'O'")]
    [InlineData("choice", "2", "label 2: there are 2 choices, from 0")]
    [InlineData("choice", "\"a\"", "is not the index of a choice")]
    [InlineData("qa", "[]", "neither a text nor an array of texts")]
    public void Read_LabelThatIsNone_LeavesTheRecordOut(string task, string label, string reason) =>
        ((Action)(() => Records(task, null, label))).Should().Throw<GauFormatException>()
            .WithMessage($"*records.jsonl: line 1: no record has a text and a label; of the first: *{reason}*");

    [Fact]
    public void Read_SomeLabelsThatAreNone_CountsThem()
    {
        LabelledRecords read = Records("sequence", null, "\"a\",null,\"b\",null,\"\"");
        read.Records.Should().HaveCount(2);
        read.Rejected.Reasons.Should().Equal(("no field 'label' with a label", 2), ("the label is empty", 1));
    }

    private LabelSet Of(string task, string? problem, string labels) =>
        LabelSet.Of(TrainingTask.Of(task, problem), Records(task, problem, labels).Records, "records.jsonl");

    private LabelledRecords Records(string name, string? problem, string labels)
    {
        TrainingTask task = TrainingTask.Of(name, problem);
        string lines = string.Concat(Split(labels).Select(label =>
            $$"""{"text":"一二","pair":"三","question":"一","context":"二三","choices":["一","二"],"label":{{label}}}""" + "\n"));
        InputFile input = InputFile.Find(folder.Write("records.jsonl", lines), null);
        return LabelledRecords.Read([input], task.Fields with { Label = "label", ExpectsLabels = true }, task.Fault);
    }

    // Values of JSON, with commas between them.
    private static IEnumerable<string> Split(string values) =>
        System.Text.Json.JsonDocument.Parse($"[{values}]").RootElement.EnumerateArray().Select(value => value.GetRawText());
}
