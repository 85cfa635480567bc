using FluentAssertions;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Tests.Search;

/// <summary>Groups are those of comparing every vector with the first of every group.</summary>
public sealed class NearDuplicatesTests
{
    [Theory]
    [InlineData(900, 16, 40, 0.95, 0.95f, 1)]
    [InlineData(900, 16, 40, 0.95, 0.95f, 3)]
    [InlineData(700, 500, 30, 0.96, 0.95f, 2)]
    [InlineData(700, 500, 700, 0.5, 0.95f, 2)]
    [InlineData(400, 768, 1, 0.9, 0.9f, 2)]
    [InlineData(500, 200, 5, 0.3, 0.25f, 2)]
    [InlineData(300, 3, 300, 0.5, -0.5f, 2)]
    [InlineData(300, 3, 300, 0.5, 1f, 2)]
    public void Find_AnyVectors_FindsWhatComparingAllDoes(
        int count, int dimensions, int clusters, double cosine, float threshold, int threads)
    {
        float[] values = Vectors.Clustered(count, dimensions, clusters, cosine);
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, dimensions);
        NearDuplicates.Find(vectors, threshold, threads).Should().Equal(Compare(values, dimensions, threshold));
    }

    [Fact]
    public void Find_ManyOfTheSame_IsOneGroup()
    {
        float[] one = Vectors.Normal(1, 24);
        float[] values = [.. Enumerable.Range(0, 20_000).SelectMany(i => i % 2 == 0 ? one : one.Select(x => 3 * x))];
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 24);
        NearDuplicates.Find(vectors, 1, 2).Should().AllSatisfy(found => found.Should().Be(new NearDuplicate(0, 1)));
    }

    [Fact]
    public void Find_Chain_KeepsWhatHasNoNearDuplicateAmongTheFirst()
    {
        // 0°, 15°, 30°, 45°: neighbours are near duplicates at 0.95, others are not.
        float[] values = [.. Enumerable.Range(0, 4).SelectMany(i =>
            new[] { (float)Math.Cos(i * Math.PI / 12), (float)Math.Sin(i * Math.PI / 12) })];
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 2);
        NearDuplicates.Find(vectors, 0.95f, 1).Select(found => found.First).Should().Equal(0, 0, 2, 2);
    }

    [Fact]
    public void Find_TwoGroupsThatFit_JoinsTheMoreSimilar()
    {
        float[] values = [1, 0, 0, 1, 0.7f, 0.71f, 0.71f, 0.7f, 0.5f, 0.5f];
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 2);
        NearDuplicates.Find(vectors, 0.7f, 1).Select(found => found.First).Should().Equal(
            [0, 1, 1, 0, 0], "of equals the earliest");
    }

    [Fact]
    public void Find_VectorWithoutDirection_IsRefusedByItsRow()
    {
        float[] values = Vectors.Normal(300, 8);
        values[200 * 8 + 3] = float.NaN;
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 8);
        FluentActions.Invoking(() => NearDuplicates.Find(vectors, 0.9f, 2))
            .Should().Throw<GauFormatException>().WithMessage("*vector 200: a number in it is not finite*");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void Find_ThresholdThatIsNone_IsRefused(float threshold)
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Normal(2, 8), 8);
        FluentActions.Invoking(() => NearDuplicates.Find(vectors, threshold)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Find_Cancelled_Ends()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Normal(500, 8), 8);
        using CancellationTokenSource cancel = new();
        cancel.Cancel();
        FluentActions.Invoking(() => NearDuplicates.Find(vectors, 0.9f, 2, cancel: cancel.Token))
            .Should().Throw<OperationCanceledException>();
    }

    private static NearDuplicate[] Compare(float[] values, int dimensions, float threshold)
    {
        List<int> firsts = [];
        NearDuplicate[] found = new NearDuplicate[values.Length / dimensions];
        for (int row = 0; row < found.Length; row++)
        {
            found[row] = new NearDuplicate(row, 1);
            float best = float.NegativeInfinity;
            foreach (int first in firsts)
            {
                float cosine = Vectors.Cosine(Vectors.Row(values, dimensions, first), Vectors.Row(values, dimensions, row));
                if (cosine >= threshold && cosine > best)
                    (best, found[row]) = (cosine, new NearDuplicate(first, cosine));
            }
            if (found[row].First == row)
                firsts.Add(row);
        }
        return found;
    }
}
