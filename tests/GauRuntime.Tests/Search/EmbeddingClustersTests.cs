using System.Runtime.InteropServices;
using FluentAssertions;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Tests.Search;

/// <summary>Spherical k-means: the same bits every time, and clusters where there are some.</summary>
public sealed class EmbeddingClustersTests
{
    [Fact]
    public void Find_ClearClusters_FindsThem()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Clustered(700, 48, 7, 0.9), 48);
        // The first centres may lie badly: who wants the best tries some seeds.
        EmbeddingClusters found = Enumerable.Range(0, 5)
            .Select(seed => EmbeddingClusters.Find(vectors, 7, seed, threads: 2)).MaxBy(f => f.Similarities.ToArray().Average())!;
        found.Moved.Should().Be(0);
        found.Rounds.Should().BeLessThan(EmbeddingClusters.DefaultRounds);
        int[] clusters = found.Clusters.ToArray();
        clusters.Take(7).Should().OnlyHaveUniqueItems("rows go round the seven middles");
        for (int row = 7; row < 700; row++)
            clusters[row].Should().Be(clusters[row % 7]);
        Enumerable.Range(0, 7).Select(found.Size).Should().AllBeEquivalentTo(100);
    }

    [Fact]
    public void Find_AnyThreads_GivesTheSameBits()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Normal(3000, 40), 40);
        EmbeddingClusters one = EmbeddingClusters.Find(vectors, 37, seed: 5, rounds: 6, threads: 1);
        foreach (int threads in (int[])[1, 2, 5])
        {
            EmbeddingClusters other = EmbeddingClusters.Find(vectors, 37, seed: 5, rounds: 6, threads);
            other.Clusters.ToArray().Should().Equal(one.Clusters.ToArray());
            MemoryMarshal.AsBytes(other.Similarities.Span).SequenceEqual(MemoryMarshal.AsBytes(one.Similarities.Span)).Should().BeTrue();
            for (int i = 0; i < 37; i++)
                MemoryMarshal.AsBytes(other.Centre(i).Span).SequenceEqual(MemoryMarshal.AsBytes(one.Centre(i).Span)).Should().BeTrue();
        }
        EmbeddingClusters.Find(vectors, 37, seed: 6, rounds: 6, threads: 2).Clusters.ToArray()
            .Should().NotEqual(one.Clusters.ToArray(), "another seed draws other centres");
    }

    [Fact]
    public void Find_ThousandsOfClusters_GivesEveryVectorToTheClosestCentre()
    {
        const int N = 20, K = 1100;   // more than are multiplied at once
        float[] values = Vectors.Normal(2500, N);
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, N);
        EmbeddingClusters found = EmbeddingClusters.Find(vectors, K, rounds: 2, threads: 2);
        for (int row = 0; row < 2500; row += 50)
        {
            float[] cosines = [.. Enumerable.Range(0, K).Select(i =>
                Vectors.Cosine(Vectors.Row(values, N, row), found.Centre(i).Span))];
            found.Similarities.Span[row].Should().BeApproximately(cosines.Max(), 1e-6f);
            found.Similarities.Span[row].Should().BeApproximately(cosines[found.Clusters.Span[row]], 1e-6f);
        }
    }

    [Fact]
    public void Find_AsManyClustersAsVectors_GivesEachItsOwn()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Normal(30, 12), 12);
        EmbeddingClusters found = EmbeddingClusters.Find(vectors, 30, threads: 2);
        found.Clusters.ToArray().Should().OnlyHaveUniqueItems();
        found.Similarities.ToArray().Should().AllSatisfy(s => s.Should().BeGreaterThan(0.99999f));
    }

    [Fact]
    public void Find_FewerDifferentVectorsThanClusters_LeavesSomeEmpty()
    {
        float[] two = [1, 0, 0, 1], values = [.. Enumerable.Repeat(two, 20).SelectMany(v => v)];
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 2);
        EmbeddingClusters found = EmbeddingClusters.Find(vectors, 5, threads: 2);
        Enumerable.Range(0, 5).Select(found.Size).Order().Should().Equal(0, 0, 0, 20, 20);
        found.Moved.Should().Be(0);
    }

    [Fact]
    public void Nearest_OfEveryCluster_AreItsClosestVectors()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Clustered(200, 16, 3, 0.6), 16);
        EmbeddingClusters found = EmbeddingClusters.Find(vectors, 3, threads: 1);
        IReadOnlyList<IReadOnlyList<ClosestVector>> nearest = found.Nearest(4);
        for (int cluster = 0; cluster < 3; cluster++)
            nearest[cluster].Should().Equal(Enumerable.Range(0, 200)
                .Where(row => found.Clusters.Span[row] == cluster)
                .Select(row => new ClosestVector(row, found.Similarities.Span[row]))
                .OrderByDescending(near => near.Score).ThenBy(near => near.Row).Take(4));
    }

    [Fact]
    public void Find_MoreClustersThanVectors_IsRefused()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Normal(4, 8), 8);
        FluentActions.Invoking(() => EmbeddingClusters.Find(vectors, 5)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => EmbeddingClusters.Find(vectors, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Find_VectorWithoutDirection_IsRefusedByItsRow()
    {
        float[] values = Vectors.Normal(100, 8);
        values.AsSpan(42 * 8, 8).Clear();
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 8);
        FluentActions.Invoking(() => EmbeddingClusters.Find(vectors, 5, threads: 2))
            .Should().Throw<GauFormatException>().WithMessage("*vector 42: all its numbers are 0*");
    }
}
