using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>A model that has learned few positions.</summary>
public sealed class PositionCountTests : IDisposable
{
    private const int Positions = 7;

    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;

    public PositionCountTests() => model = TestModel.Random(TestModel.BertConfig(positions: Positions), seed: 1)
        .Load(folder.Path("m.safetensors"), WeightType.F32, "portable");

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void GoldenVectors_LongerThanThePositions_AreShortened() =>
        GoldenVectors.Compute(model, model).Select(vector => vector.Ids.Count).Should().Equal(3, Positions, Positions);

    [Fact]
    public void Forward_MoreTokensThanPositions_IsRefused()
    {
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add([.. Enumerable.Range(5, Positions + 1)]);
        FluentActions.Invoking(() => GauEncoder.Forward(model, batch, workspace)).Should().Throw<ArgumentException>()
            .WithMessage("*a text with position 7, but the model has learned 7 positions*");
    }

    [Fact]
    public void Embed_TextLongerThanThePositions_IsCutAndSaysSo() =>
        new GauEmbedder(model).Embed(new string('一', 30)).Text.Should().Be(new TextInfo(Positions, true, false));

    [Fact]
    public void Fill_PairLongerThanThePositions_IsCutAndSaysSo() =>
        new GauFillMask(model).Fill("[MASK]一", new string('一', 30)).Text.Should().Be(new TextInfo(Positions, true, false));
}
