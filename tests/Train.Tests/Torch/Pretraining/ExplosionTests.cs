using GauRuntime.Tools;
using GauRuntime.Train.Pretraining;
using GauRuntime.Weights.Checkpoints;
using TorchSharp;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

public sealed class ExplosionTests : IDisposable
{
    private readonly TinyRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Run_Exploded_LeavesTheLastGoodWeightsToGoOnFrom()
    {
        string[] plan = ["--updates", "60", "--schedule", "constant", "--eval-every", "10", "--save-every", "1"];
        (int code, _, string error) = run.Run("model", [.. plan, "--rate", "5"]);
        code.Should().Be(ExitCode.Diverged, error);
        string good = run.Path("model.training/last-good");
        error.Should().MatchRegex($@" \(the weights of update [0-9]+, the last good ones, are in {good}\)\n");
        GauConvert.To(run.Path("m.safetensors"), good);
        (code, _, error) = GauTrain.Run(
            "pretrain", run.Corpus, "--from", good, "-o", run.Path("model"), "--updates", "2", "--force", "--segmenter",
            "char", "--max-length", "32", "--batch-tokens", "256", "--threads", "1");
        code.Should().Be(0, error);
        Directory.Exists(good).Should().BeFalse("it is complete");
    }

    [Theory]
    [InlineData("gau_alpha")]
    [InlineData("roformer_v2")]
    [InlineData("bert")]
    public void Run_RateOfAMillion_StopsWithALineAndKeepsAGoodState(string architecture)
    {
        (int code, string output, string error) = run.Run(
            "model", "--updates", "50", "--save-every", "1", "--rate", "1e6", "--architecture", architecture);
        code.Should().Be(ExitCode.Diverged, error);
        output.Should().BeEmpty();
        string line = error.Split('\n').Single(line => line.StartsWith("error: ", StringComparison.Ordinal));
        line.Should().MatchRegex("^error: update [0-9]+: .*; a smaller --rate or a schedule with warm-up helps");
        Directory.Exists(run.Path("model")).Should().BeFalse();
        using StateFile state = StateFile.Open(run.State("model"));
        state.Progress.Losses.Mean.Should().BeLessThan(10, "what is kept was good");
        using SafetensorsFile file = SafetensorsFile.Open(run.State("model"));
        foreach (TensorEntry tensor in file.Tensors)
        {
            float[] values = new float[tensor.ElementCount];
            Elements.ToSingle(tensor.Type, file.Span(tensor), values);
            values.Should().OnlyContain(value => float.IsFinite(value));
        }
    }
}
