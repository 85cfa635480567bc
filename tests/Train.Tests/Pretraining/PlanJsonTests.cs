using System.Text.Json.Nodes;
using GauRuntime.Train.Optimizers;
using GauRuntime.Train.Pretraining;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class PlanJsonTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        PretrainPlan plan = Plans.Tiny with
        {
            From = "cc", EvaluateEvery = 3, Lamb = new LambSettings { NoDecay = ["bias", "gamma"], WeightDecay = 0.1 },
        };
        string json = PlanJson.Of(plan);
        PlanJson.Of(PlanJson.Read<PretrainPlan>("f", "plan", json)).Should().Be(json);
        json.Should().NotContain("\n").And.Contain("\"architecture\":\"gau_alpha\"").And.Contain("\"no_decay\":[\"bias\"");
        PlanJson.Difference(plan, json, "f").Should().BeNull();
    }

    [Fact]
    public void Difference_AnySetting_IsNamedWithBothValues()
    {
        string json = PlanJson.Of(Plans.Tiny);
        (PretrainPlan Plan, string Difference)[] others =
        [
            (Plans.Tiny with { Rate = 0.5 }, "rate: was 0.00176, is 0.5"),
            (Plans.Tiny with { Seed = 8 }, "seed: was 7, is 8"),
            (Plans.Tiny with { Threads = 4 }, "threads: was 2, is 4"),
            (Plans.Tiny with { Corpus = "dd" }, "corpus: was \"bb\", is \"dd\""),
            (Plans.Tiny with { From = "x" }, "from: was not given, is \"x\""),
            (Plans.Tiny with { Budget = "2 hours" }, "budget: was \"8000 updates\", is \"2 hours\""),
            (Plans.Tiny with { Version = 9 }, "version: was 2, is 9"),
            (Plans.Tiny with { Model = Plans.Tiny.Model with { LayerCount = 9 } }, "model.layer_count: was "),
            (Plans.Tiny with { Lamb = new LambSettings { NoDecay = ["x"] } }, "lamb.no_decay: there were 0, there are 1"),
        ];
        foreach ((PretrainPlan plan, string difference) in others)
            PlanJson.Difference(plan, json, "f").Should().StartWith(difference);
    }

    [Fact]
    public void Difference_EverySetting_Counts()
    {
        // A setting that is added to the plan counts without being named anywhere.
        string[] names = [.. JsonNode.Parse(PlanJson.Of(Plans.Tiny))!.AsObject().Select(one => one.Key)];
        names.Should().Contain("segmenter").And.HaveCountGreaterThan(15);
        foreach (string name in names.Except(["updates"]))
        {
            JsonObject other = JsonNode.Parse(PlanJson.Of(Plans.Tiny))!.AsObject();
            other.Remove(name);
            PlanJson.Difference(Plans.Tiny, other.ToJsonString(), "f").Should().StartWith($"{name}: was not given");
        }
    }

    [Fact]
    public void Difference_UpdatesThatHoursBecame_DoNotCount() =>
        PlanJson.Difference(Plans.Tiny with { Updates = 0 }, PlanJson.Of(Plans.Tiny), "f").Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":\"one\"}")]
    [InlineData("{\"unknown\":1}")]
    public void Read_SomethingElse_IsRefused(string json)
    {
        Action read = () => PlanJson.Read<PretrainPlan>("state", "plan", json);
        read.Should().Throw<GauFormatException>().WithMessage("state: plan: *");
    }

    [Fact]
    public void Read_Progress_IsTheSameToTheLastBit()
    {
        TrainingProgress progress = new TrainingProgress { Seconds = 0.1 }.After(
            new UpdateResult(1.0 / 3, 0.7, 120), new BatchPosition(2, 5), 1e-3);
        PlanJson.Read<TrainingProgress>("f", "p", PlanJson.Of(progress)).Should().Be(progress);
    }
}
