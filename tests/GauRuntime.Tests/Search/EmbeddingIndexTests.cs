using System.Runtime.InteropServices;
using FluentAssertions;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Tests.Search;

/// <summary>What is found is what comparing all vectors finds, to the last bit.</summary>
public sealed class EmbeddingIndexTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(5, 3, 10, 2)]
    [InlineData(3000, 7, 10, 2)]
    [InlineData(2500, 64, 1, 3)]
    [InlineData(2500, 100, 500, 2)]
    [InlineData(1500, 768, 10, 1)]
    [InlineData(300, 768, 300, 4)]
    public void FindClosest_RandomVectors_FindsWhatComparingAllDoes(int count, int dimensions, int top, int threads)
    {
        float[] values = Vectors.Normal(count, dimensions), queries = Vectors.Normal(11, dimensions, seed: 2);
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, dimensions);
        using EmbeddingIndex index = new(vectors, threads);
        for (int query = 0; query < 11; query++)
        {
            ReadOnlySpan<float> one = Vectors.Row(queries, dimensions, query);
            index.FindClosest(one, top).Should().Equal(Vectors.Closest(values, one, top));
        }
    }

    /// <summary>Vectors that int8 forms tell apart badly, or not at all.</summary>
    public static TheoryData<string> HardVectors { get; } =
        new("near", "spikes", "tiny", "huge", "mixed", "same", "opposite", "near, mirrored");

    [Theory]
    [MemberData(nameof(HardVectors))]
    public void FindClosest_HardVectors_FindsWhatComparingAllDoes(string kind)
    {
        const int Count = 1200, N = 200;
        float[] values = Hard(kind, Count, N);
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, N);
        using EmbeddingIndex index = new(vectors, 2);
        foreach (int row in (int[])[0, 1, 599, 1199])
        {
            ReadOnlySpan<float> query = Vectors.Row(values, N, row);
            index.FindClosest(query, 20).Should().Equal(Vectors.Closest(values, query, 20), $"that is so of {kind}");
        }
    }

    [Fact]
    public void FindClosest_EqualVectors_ComeInTheOrderOfRows()
    {
        float[] one = Vectors.Normal(1, 32), values = [.. Enumerable.Repeat(one, 5000).SelectMany(v => v)];
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 32);
        using EmbeddingIndex index = new(vectors, 3);
        index.FindClosest(one, 7).Should().Equal(Enumerable.Range(0, 7).Select(row => new ClosestVector(row, 1)));
    }

    [Fact]
    public void FindClosest_SeveralQueries_AreThoseOneByOne()
    {
        float[] values = Vectors.Clustered(2000, 96, 7, 0.9), asked = Vectors.Clustered(19, 96, 7, 0.9, seed: 5);
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 96), queries = EmbeddingVectors.Of(asked, 96);
        using EmbeddingIndex index = new(vectors, 2);
        IReadOnlyList<IReadOnlyList<ClosestVector>> found = index.FindClosest(queries, 5);
        found.Should().HaveCount(19);
        for (int i = 0; i < 19; i++)
            found[i].Should().Equal(index.FindClosest(Vectors.Row(asked, 96, i), 5));
    }

    [Fact]
    public async Task FindClosest_ManyCallers_TakeTurns()
    {
        float[] values = Vectors.Normal(1000, 48), asked = Vectors.Normal(16, 48, seed: 3);
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 48);
        using EmbeddingIndex index = new(vectors, 2);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            index.FindClosest(asked.AsSpan(i * 48, 48), 3).Should().Equal(
                Vectors.Closest(values, asked.AsSpan(i * 48, 48), 3)))));
    }

    [Fact]
    public void FindClosest_NoVectors_FindsNone()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Array.Empty<float>(), 8);
        using EmbeddingIndex index = new(vectors, 2);
        index.FindClosest(new float[] { 1, 0, 0, 0, 0, 0, 0, 0 }, 3).Should().BeEmpty();
    }

    [Fact]
    public void OpenNpy_Floats_AreFoundWhereTheyLie()
    {
        using TemporaryFolder folder = new();
        float[] values = Vectors.Normal(700, 40);
        string path = folder.Write("v.npy", Vectors.Npy("<f4", 700, 40, MemoryMarshal.AsBytes(values.AsSpan())));
        using EmbeddingVectors vectors = EmbeddingVectors.OpenNpy(path);
        using EmbeddingIndex index = new(vectors, 2);
        ReadOnlySpan<float> query = Vectors.Row(values, 40, 123);
        index.FindClosest(query, 9).Should().Equal(Vectors.Closest(values, query, 9));
        index.Bytes.Should().BeInRange(700 * (40 + 8), 700 * (40 + 8) + 64, "a byte a number, a scale and a bound a row");
    }

    [Fact]
    public void OpenNpy_Halves_AreExactForWhatIsStored()
    {
        using TemporaryFolder folder = new();
        Half[] stored = [.. Vectors.Normal(500, 33).Select(x => (Half)x)];
        float[] values = [.. stored.Select(x => (float)x)];
        string path = folder.Write("v.npy", Vectors.Npy("<f2", 500, 33, MemoryMarshal.AsBytes(stored.AsSpan())));
        using EmbeddingVectors vectors = EmbeddingVectors.OpenNpy(path);
        using EmbeddingIndex index = new(vectors, 2);
        ReadOnlySpan<float> query = Vectors.Row(values, 33, 7);
        index.FindClosest(query, 9).Should().Equal(Vectors.Closest(values, query, 9));
    }

    [Fact]
    public void OpenNpy_Int8_IsExactForWhatIsStored()
    {
        using TemporaryFolder folder = new();
        sbyte[] stored = [.. Vectors.Normal(800, 50).Select(x => (sbyte)Math.Clamp(40 * x, -128, 127))];
        float[] values = [.. stored.Select(x => (float)x)];
        string path = folder.Write("v.npy", Vectors.Npy("|i1", 800, 50, MemoryMarshal.AsBytes(stored.AsSpan())));
        using EmbeddingVectors vectors = EmbeddingVectors.OpenNpy(path);
        using EmbeddingIndex index = new(vectors, 2);
        float[] queries = Vectors.Normal(3, 50, seed: 9);
        for (int i = 0; i < 3; i++)
        {
            ReadOnlySpan<float> query = Vectors.Row(queries, 50, i);
            index.FindClosest(query, 12).Should().Equal(Vectors.Closest(values, query, 12));
        }
    }

    [Theory]
    [InlineData(float.NaN, "vector 3: a number in it is not finite")]
    [InlineData(float.NegativeInfinity, "vector 3: a number in it is not finite")]
    [InlineData(0f, "vector 3: all its numbers are 0")]
    public void Index_VectorWithoutDirection_IsRefusedByItsRow(float number, string fault)
    {
        float[] values = Vectors.Normal(2000, 20);
        foreach (int row in (int[])[3, 1500])
            values.AsSpan(row * 20, 20).Fill(number);
        using EmbeddingVectors vectors = EmbeddingVectors.Of(values, 20);
        FluentActions.Invoking(() => new EmbeddingIndex(vectors, 3))
            .Should().Throw<GauFormatException>().WithMessage($"*{fault}*");
    }

    [Fact]
    public void FindClosest_QueryThatCannotBeCompared_IsRefused()
    {
        using EmbeddingVectors vectors = EmbeddingVectors.Of(Vectors.Normal(10, 4), 4);
        EmbeddingIndex index = new(vectors, 1);
        index.Invoking(i => i.FindClosest([1, 2, 3], 1)).Should().Throw<ArgumentException>().WithMessage("*3 numbers*4*");
        index.Invoking(i => i.FindClosest([1, float.NaN, 3, 4], 1)).Should().Throw<ArgumentException>().WithMessage("*not finite*");
        index.Invoking(i => i.FindClosest([0, 0, 0, 0], 1)).Should().Throw<ArgumentException>().WithMessage("*zeros*");
        index.Invoking(i => i.FindClosest([1, 2, 3, 4], 0)).Should().Throw<ArgumentOutOfRangeException>();
        index.Dispose();
        index.Invoking(i => i.FindClosest([1, 2, 3, 4], 1)).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void FindClosest_FileThatWasChanged_EndsWithAnError()
    {
        using TemporaryFolder folder = new();
        float[] values = Vectors.Normal(50, 16);
        byte[] file = Vectors.Npy("<f4", 50, 16, MemoryMarshal.AsBytes(values.AsSpan()));
        string path = folder.Write("v.npy", file);
        using EmbeddingVectors vectors = EmbeddingVectors.OpenNpy(path);
        using EmbeddingIndex index = new(vectors, 1);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));
        index.Invoking(i => i.FindClosest(values.AsSpan(0, 16), 1)).Should().Throw<IOException>().WithMessage("*was changed*");
    }

    public static TheoryData<string, string> MalformedFiles { get; } = new()
    {
        { "", "the file is empty" },
        { "\u0093NUMPY", "shorter than its header" },
        { "PAR1PAR1PAR1PAR1", "does not begin" },
        { "\u0093NUMPY\u0009\0\0\0\0\0\0", "version 9" },
        { "\u0093NUMPY\u0001\0\u00ff\u00ff\0\0\0", "a header of 65535 bytes" },
        { Header("<f8", "(2, 2)"), "type <f8" },
        { Header(">f4", "(2, 2)"), "type >f4" },
        { Header("<f4", "(4,)"), "the shape is not" },
        { Header("<f4", "(2, 2, 1)"), "the shape is not" },
        { Header("<f4", "(2, 0)"), "0 dimensions" },
        { Header("<f4", "(2, 70000)"), "70000 dimensions" },
        { Header("<f4", "(99999999999, 2)"), "99999999999 vectors" },
        { Header("<f4", "(2, 2)"), "0 bytes of numbers" },
        { Header("<f4", "(2, 2)").Replace("False", "True "), "fortran_order" },
    };

    [Theory]
    [MemberData(nameof(MalformedFiles))]
    public void OpenNpy_MalformedFile_IsRefusedInALine(string content, string fault)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("v.npy", System.Text.Encoding.Latin1.GetBytes(content));
        FluentActions.Invoking(() => EmbeddingVectors.OpenNpy(path))
            .Should().Throw<GauFormatException>().WithMessage($"*v.npy: *{fault}*");
    }

    private static string Header(string type, string shape)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return $"\u0093NUMPY\u0001\0\u0076\0{header}";
    }

    private static float[] Hard(string kind, int count, int n)
    {
        float[] values = Vectors.Normal(count, n), one = Vectors.Normal(1, n, seed: 8);
        Random random = new(4);
        for (int row = 0; row < count; row++)
        {
            Span<float> x = values.AsSpan(row * n, n);
            for (int i = 0; i < n; i++)
            {
                x[i] = kind switch
                {
                    "near" => one[i] + 1e-5f * x[i],
                    "near, mirrored" => (row % 2 == 0 ? 1 : -1) * (one[i] + 1e-4f * x[i]),
                    "spikes" => i == row % n ? 1e6f * x[i] : x[i],
                    "tiny" => 1e-42f * MathF.Round(40 * x[i]),
                    "huge" => 1e37f * x[i],
                    "mixed" => x[i] * MathF.Pow(10, row % 60 - 30),
                    "same" => one[i] * (1 + row % 3),
                    _ => one[i] * (row % 2 == 0 ? 1 : -1),
                };
            }
            if (kind == "spikes")
                x[random.Next(n)] += 3e5f;
        }
        return values;
    }
}
