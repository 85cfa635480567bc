using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>What rows say of the best labels, of those chosen, and of none.</summary>
public sealed class LabelDecisionTests : IDisposable
{
    private static readonly HeadConfig Several = TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_NothingAsked_IsTheRowItAlwaysWas()
    {
        using GauModel model = Model(TinyModel.Sequence);
        Row(RecordTask.Score(model, new LabelDecision())).Should().Be(Row(RecordTask.Score(model)));
        RecordTask.Score(model, new LabelDecision()).Name.Should().Be("score", "jobs that have begun go on");
    }

    [Fact]
    public void Score_Top_ListsTheBestFirst()
    {
        using GauModel model = Model(TinyModel.Sequence);
        JsonElement row = Json(new LabelDecision { Top = 2 }, model);
        (string Label, float Score)[] all = [.. row.GetProperty("probabilities").EnumerateObject()
            .Select(p => (p.Name, p.Value.GetSingle())).OrderByDescending(p => p.Item2)];
        Top(row).Should().Equal(all[..2]);
        row.GetProperty("label").GetString().Should().Be(all[0].Label);
        Top(Json(new LabelDecision { Top = 100 }, model)).Should().Equal(all);
        Top(Json(new LabelDecision { Top = 3, Threshold = all[1].Score }, model)).Should().Equal(all[..2]);
    }

    [Fact]
    public void Score_Abstain_SaysNoLabelBelow()
    {
        using GauModel model = Model(TinyModel.Sequence);
        JsonElement sure = Json(new LabelDecision { AbstainBelow = 0 }, model);
        sure.TryGetProperty("abstained", out _).Should().BeFalse();
        sure.GetProperty("label").GetString().Should().NotBeNull();
        JsonElement unsure = Json(new LabelDecision { AbstainBelow = 1 }, model);
        unsure.GetProperty("label").ValueKind.Should().Be(JsonValueKind.Null);
        unsure.GetProperty("abstained").GetBoolean().Should().BeTrue();
        unsure.GetProperty("score").GetSingle().Should().Be(sure.GetProperty("score").GetSingle());
    }

    [Fact]
    public void Score_ThresholdOfSeveralLabels_TakesThePlaceOfTheModels()
    {
        using GauModel model = Model(Several with
        {
            Calibration = new HeadCalibration
            {
                Temperature = 1, Thresholds = [null, 0, null], Metric = ThresholdMetric.F1, Data = ["x"], DataHash = "",
                Records = 50, ErrorBefore = 0, ErrorAfter = 0,
            },
        });
        Labels(Json(new LabelDecision(), model)).Should().Equal("b");
        Labels(Json(new LabelDecision { Threshold = 0 }, model)).Should().Equal("a", "b", "c");
        Labels(Json(new LabelDecision { Threshold = 0, AbstainBelow = 1 }, model)).Should().BeEmpty();
    }

    [Fact]
    public void Score_CsvAndParquet_HaveColumns()
    {
        using GauModel model = Model(Several);
        RecordTask task = RecordTask.Score(model, new LabelDecision { Top = 1, AbstainBelow = 1 });
        string[] csv = Row(task, RecordFormat.Csv).Split('\n');
        csv[0].Should().Be("id,label,score,abstained,labels,top,p_a,p_b,p_c,tokens,truncated,empty,error");
        csv[1].Should().StartWith("1,,0.7310586,true,[],").And.Contain(",\"[{\"\"label\"\":\"\"a\"\",");
        string row = Row(task);
        using MemoryStream parquet = new();
        using (ParquetResultWriter writer = new(parquet, ResultColumn.OfRows(task.Columns, new RecordFields()), wholeIds: true))
        {
            writer.Add(Encoding.UTF8.GetBytes(row.TrimEnd('\n')));
            writer.End();
        }
        using TableResultReader reader = new(new MemoryStream(parquet.ToArray()), "x.parquet");
        System.Buffers.ArrayBufferWriter<byte> line = new();
        reader.Read(line).Should().BeTrue();
        Encoding.UTF8.GetString(line.WrittenSpan).Should().Be(row);
    }

    [Fact]
    public void Score_WhatAModelCannotDecide_IsRefused()
    {
        void Refused(HeadConfig head, LabelDecision decision, string reason)
        {
            using GauModel model = Model(head);
            FluentActions.Invoking(() => RecordTask.Score(model, decision)).Should().Throw<ScoringException>()
                .WithMessage(reason).Which.Fault.Should().Be(ScoringFault.Usage);
        }

        const string Kind = "top, threshold and abstain are for a classifier of texts with labels";
        Refused(TinyModel.CrossEncoder, new LabelDecision { Top = 1 }, Kind);
        Refused(TinyModel.NoHead with { Kind = HeadKind.MultipleChoice }, new LabelDecision { AbstainBelow = 0.5f }, Kind);
        Refused(TinyModel.Sequence, new LabelDecision { Threshold = 0.5f }, "threshold: a text has one label*");
        Refused(TinyModel.Sequence, new LabelDecision { Top = 0 }, "top is at least 1");
        Refused(Several, new LabelDecision { Threshold = 1.5f }, "threshold and abstain are from 0 to 1");
        Refused(Several, new LabelDecision { AbstainBelow = float.NaN }, "threshold and abstain are from 0 to 1");
    }

    [Fact]
    public void Name_OfATask_TellsEveryDecisionApart()
    {
        using GauModel model = Model(Several);
        RecordTask.Score(model, new LabelDecision { Top = 3, Threshold = 0.25f, AbstainBelow = 0.5f }).Name.Should()
            .Be("score, top 3, threshold 0.25, abstain below 0.5");
    }

    private GauModel Model(HeadConfig head)
    {
        string path = folder.Path($"{Guid.NewGuid()}.safetensors");
        // Scores by softmax 0.506, 0.307, 0.186, by sigmoids 0.731, 0.622, 0.5.
        TinyModel.Write(path, head, (name, weights) =>
        {
            if (name == ModelTensors.HeadOut)
                weights.Clear();
            if (name == ModelTensors.Bias(ModelTensors.HeadOut) && weights.Length >= 3)
                ((float[])[1, 0.5f, 0]).CopyTo(weights);
        });
        return GauModel.Load(path);
    }

    private static IEnumerable<(string, float)> Top(JsonElement row) => row.GetProperty("top").EnumerateArray()
        .Select(l => (l.GetProperty("label").GetString()!, l.GetProperty("score").GetSingle()));

    private static IEnumerable<string?> Labels(JsonElement row) =>
        row.GetProperty("labels").EnumerateArray().Select(l => l.GetString());

    private static JsonElement Json(LabelDecision decision, GauModel model) =>
        JsonDocument.Parse(Row(RecordTask.Score(model, decision))).RootElement;

    private static string Row(RecordTask task, RecordFormat format = RecordFormat.JsonLines)
    {
        using MemoryStream output = new();
        using RecordSource source = new(
            [RecordReaderTests.Input("{\"id\":1,\"text\":\"今天\"}", RecordFormat.JsonLines)], task.DefaultFields);
        new ScoringRun(task, source, new ScoringOptions { Threads = 1 }, format).Write(
            output, null, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
