using System.Numerics.Tensors;
using System.Text.Json;

namespace GauRuntime.Benchmarks.Export;

/// <summary>What <c>gau embed</c> wrote.</summary>
internal static class Vectors
{
    /// <summary>The vectors of a file of JSON Lines, in order.</summary>
    public static IEnumerable<float[]> Read(string path) => File.ReadLines(path).Select(line =>
        JsonDocument.Parse(line).RootElement.GetProperty("embedding").EnumerateArray()
            .Select(number => number.GetSingle()).ToArray());

    public static double Cosine(float[] a, float[] b) => TensorPrimitives.CosineSimilarity<float>(a, b);
}
