using GauRuntime.Tools;
using GauRuntime.Train.Pretraining;
using GauRuntime.Weights.Checkpoints;
using TorchSharp;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

public sealed class ExplosionTests : IDisposable
{
    private readonly TinyRun run = new();

    public void Dispose() => run.Dispose();

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
        state.Progress.Losses.Mean.Should().BeLessThan(30, "what is kept was good");
        using SafetensorsFile file = SafetensorsFile.Open(run.State("model"));
        foreach (TensorEntry tensor in file.Tensors)
        {
            float[] values = new float[tensor.ElementCount];
            Elements.ToSingle(tensor.Type, file.Span(tensor), values);
            values.Should().OnlyContain(value => float.IsFinite(value));
        }
    }
}
