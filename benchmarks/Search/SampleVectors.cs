using System.Runtime.InteropServices;
using System.Text;

namespace GauRuntime.Benchmarks.Search;

/// <summary>Vectors as texts have them: around some hundred middles, with a part that all share.</summary>
internal static class SampleVectors
{
    private const int Middles = 300, Block = 4096;
    private const float Common = 1, Near = 1, Own = 1;   // weights of what all share, of the middle, of the text

    /// <summary>Some vectors [count, dimensions].</summary>
    public static float[] Of(int count, int dimensions, int seed)
    {
        Random shared = new(7), own = new(seed);
        float[] common = Normal(shared, dimensions), middles = Normal(shared, Middles * dimensions);
        float[] values = Normal(own, count * dimensions);
        for (int row = 0; row < count; row++)
        {
            int middle = own.Next(Middles) * dimensions;
            for (int k = 0; k < dimensions; k++)
                values[row * dimensions + k] =
                    Own * values[row * dimensions + k] + Near * middles[middle + k] + Common * common[k];
        }
        return values;
    }

    /// <summary>Writes a file of NumPy's of them.</summary>
    public static void Write(string path, int count, int dimensions)
    {
        using FileStream file = File.Create(path);
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, {dimensions}), }}";
        file.Write([0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header.PadRight(117) + "\n")]);
        for (int first = 0; first < count; first += Block)
            file.Write(MemoryMarshal.AsBytes(
                Of(Math.Min(Block, count - first), dimensions, seed: 100 + first).AsSpan()));
    }

    // Sums of four uniform numbers are near enough to normal ones.
    private static float[] Normal(Random random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2;
        return values;
    }
}
