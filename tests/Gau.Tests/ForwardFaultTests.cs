using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

public sealed class ForwardFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ForwardFaultTests() => TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{}", "input_ids: missing")]
    [InlineData("[1]", "byte 0: expected a JSON object")]
    [InlineData("{\"input_ids\":[[2,3]]", "line 1, byte 20: not JSON")]
    [InlineData("{\"input_ids\":[2,3]}", "input_ids: expected [batch, tokens] or [batch, choices, tokens]")]
    [InlineData("{\"input_ids\":[[2,3],[2]]}", "input_ids[1]: 1 elements where the first row has 2")]
    [InlineData("{\"input_ids\":[[2,[3]]]}", "input_ids[0][1]: numbers and arrays mixed")]
    [InlineData("{\"input_ids\":[[2,3.5]]}", "input_ids[0][1]: expected a whole number")]
    [InlineData("{\"input_ids\":[[2,\"3\"]]}", "input_ids[0][1]: expected a whole number")]
    [InlineData("{\"input_ids\":[[]]}", "input_ids[0]: empty")]
    [InlineData("{\"input_ids\":[[[[2]]]]}", "input_ids[0][0][0]: an array of more than 3 dimensions")]
    [InlineData("{\"input_ids\":[[[2]]]}", "input_ids: 3 dimensions; this model takes [batch, tokens]")]
    [InlineData("{\"input_ids\":[[2,200]]}", "input_ids[0][1]: 200 is outside of the vocabulary, 0 to 199")]
    [InlineData("{\"input_ids\":[[2],[-1]]}", "input_ids[1][0]: -1 is outside of the vocabulary, 0 to 199")]
    [InlineData("{\"input_ids\":[[2]],\"token_type_ids\":[[2]]}", "token_type_ids[0][0]: 2 is outside of the segments, 0 to 1")]
    [InlineData("{\"input_ids\":[[2,3]],\"attention_mask\":[[1,2]]}", "attention_mask[0][1]: 2 is neither 0 nor 1")]
    [InlineData("{\"input_ids\":[[2,3]],\"attention_mask\":[[1]]}", "attention_mask: [1, 1] where input_ids is [1, 2]")]
    [InlineData("{\"input_ids\":[[2,3]],\"attention_mask\":[[[1,1],[1,1]]]}", "attention_mask: [1, 2, 2] where input_ids is [1, 2]")]
    [InlineData("{\"input_ids\":[[2,3],[2,3]],\"attention_mask\":[[1,1],[0,0]]}", "input_ids[1]: every position is masked")]
    [InlineData("{\"input_ids\":[[2,3],[0,0]]}", "input_ids[1]: every position is masked")]
    [InlineData("{\"input_ids\":[[2,3],[0,3]]}", "input_ids[1][0]: position 0 is masked, and the head pools it")]
    public void Forward_BadCase_IsMalformedWithItsPlace(string json, string message)
    {
        string @case = folder.Write("case.json", json);
        GauRun run = GauRun.Of(
            "forward", "--model", folder.Path("model.safetensors"), "--input", @case, "-o", folder.Path("out"));
        run.Should().Be(new GauRun(65, "", $"error: {@case}: {message}{Environment.NewLine}", ""));
        folder.Files.Should().Equal("case.json", "model.safetensors");
    }

    [Fact]
    public void Forward_DefaultMask_LeavesOutPadding()
    {
        string padded = folder.Write("padded.json", "{\"input_ids\":[[2,5,6,3,0,0]]}");
        string masked = folder.Write(
            "masked.json", "{\"input_ids\":[[2,5,6,3,9,9]],\"attention_mask\":[[1,1.0,1,1,0,0]]}");
        byte[][] outputs = [.. new[] { padded, masked }.Select(@case =>
        {
            GauRun.Of(
                "forward", "--model", folder.Path("model.safetensors"), "--input", @case, "-o", folder.Path("out"),
                "--force").Code.Should().Be(0);
            return File.ReadAllBytes(folder.Path("out"));
        })];
        outputs[0].Should().Equal(outputs[1]);
    }

    [Fact]
    public void Forward_MultipleChoiceModel_TakesThreeDimensions()
    {
        string model = folder.Path("mc.safetensors");
        TinyModel.Write(model, TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] });
        string @case = folder.Write("case.json", "{\"input_ids\":[[2,3]]}");
        GauRun run = GauRun.Of("forward", "--model", model, "--input", @case, "-o", folder.Path("out"));
        run.Code.Should().Be(65);
        run.Error.Should().Contain("this model takes [batch, choices, tokens]");
    }
}
