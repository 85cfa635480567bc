using GauRuntime.Train.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Heads;

public sealed class HeadObjectiveTests
{
    private const int Records = 4400, Inputs = 5, Outputs = 3;   // more than are summed at once

    private readonly Random random = new(5);

    /// <summary>Against central differences of the loss itself.</summary>
    [Theory]
    [InlineData(ProblemType.SingleLabel, 0)]
    [InlineData(ProblemType.SingleLabel, 4)]
    [InlineData(ProblemType.MultiLabel, 0)]
    [InlineData(ProblemType.MultiLabel, 4)]
    [InlineData(ProblemType.Regression, 0)]
    [InlineData(ProblemType.Regression, 4)]
    public void Value_AnyHead_HasTheGradientOfItsDifferences(ProblemType problem, int hidden)
    {
        HeadShape shape = new(Inputs, hidden, problem == ProblemType.Regression ? 1 : Outputs, problem);
        HeadObjective objective = new(shape, Draw(), Targets(shape)) { Decay = 0.3 };
        double[] parameters = [.. Enumerable.Range(0, shape.Count).Select(_ => random.NextDouble() - 0.5)];
        double[] gradient = new double[shape.Count];
        double loss = objective.Value(parameters, gradient);
        loss.Should().Be(objective.Value(parameters, []), "the gradient changes no value");
        for (int i = 0; i < shape.Count; i++)
        {
            double At(double by)
            {
                double[] moved = [.. parameters];
                moved[i] += by;
                return objective.Value(moved, []);
            }

            // Features and weights are floats: steps are large, and the third derivative shows.
            gradient[i].Should().BeApproximately((At(1e-2) - At(-1e-2)) / 2e-2, 2e-3, $"parameter {i}");
        }
    }

    [Fact]
    public void Value_FreshLinearHead_IsThatOfEqualChances()
    {
        HeadShape shape = new(Inputs, 0, Outputs, ProblemType.SingleLabel);
        new HeadObjective(shape, Draw(), Targets(shape)).Value(new double[shape.Count], [])
            .Should().BeApproximately(Math.Log(3), 1e-6);
    }

    [Fact]
    public void BytesOf_ManyRecordsOrAWideLayer_IsWhatIsInMemoryAtOnce()
    {
        HeadShape shape = new(768, 256, 4, ProblemType.SingleLabel);
        HeadFit.BytesOf(shape, 1_000_000).Should().BeInRange(9_216_000_000, 9_300_000_000, "three times the features");
        shape = new(65_536, 65_536, 4, ProblemType.SingleLabel);
        shape.Parameters.Should().Be(65_536L * 65_537 + 4 * 65_537);
        HeadFit.BytesOf(shape, 1).Should().BeGreaterThan(28 * 8 * shape.Parameters);
    }

    [Fact]
    public void Fold_LayerOfScaledFeatures_GivesTheSameForPlainOnes()
    {
        Features features = new(Inputs, [.. Draw().Values.Select((value, i) => value * (1 + i % Inputs) + i % Inputs)]);
        FeatureScale scale = FeatureScale.Of(features);
        Features scaled = scale.Apply(features);
        FeatureScale.Of(scaled).Mean.Should().OnlyContain(mean => Math.Abs(mean) < 1e-5);
        FeatureScale.Of(scaled).Deviation.Should().OnlyContain(deviation => Math.Abs(deviation - 1) < 1e-5);
        double[] w = [.. Enumerable.Range(0, 2 * Inputs).Select(_ => random.NextDouble())], b = [0.5, -1];
        (float[] plain, float[] bias) = scale.Fold(w, b);
        float[] expected = new float[2], found = new float[2];
        HeadObjective.Layer([.. w.Select(v => (float)v)], [0.5f, -1], scaled[7], expected);
        HeadObjective.Layer(plain, bias, features[7], found);
        found[0].Should().BeApproximately(expected[0], 1e-4f);
        found[1].Should().BeApproximately(expected[1], 1e-4f);
    }

    [Fact]
    public void Of_FeatureThatIsTheSameEverywhere_DividesByNothing() =>
        FeatureScale.Of(new Features(1, [2, 2, 2])).Deviation.Should().Equal(1);

    private Features Draw() => new(
        Inputs, [.. Enumerable.Range(0, Records * Inputs).Select(_ => (float)(2 * random.NextDouble() - 1))]);

    private HeadTargets Targets(HeadShape shape) => shape.Problem == ProblemType.SingleLabel
        ? new HeadTargets([.. Enumerable.Range(0, Records).Select(_ => random.Next(Outputs))], [])
        : new HeadTargets([], [.. Enumerable.Range(0, Records * shape.Outputs).Select(_ =>
            shape.Problem == ProblemType.MultiLabel ? random.Next(2) : (float)random.NextDouble())]);
}
