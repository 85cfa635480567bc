using GauRuntime.Weights;

namespace GauRuntime.Train.Numbers;

/// <summary>Random orders that their seed determines.</summary>
internal static class Permutation
{
    /// <summary>The numbers from 0 to <paramref name="count"/> − 1 in random order (Fisher and Yates).</summary>
    public static int[] Of(int count, ulong seed)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        Shuffle(order.AsSpan(), seed);
        return order;
    }

    /// <summary>Brings items into random order.</summary>
    public static void Shuffle<T>(Span<T> items, ulong seed)
    {
        SplitMix64 stream = new(seed);
        for (int left = items.Length; left > 1; left--)
        {
            int other = (int)(stream.Uniform() * left);
            (items[left - 1], items[other]) = (items[other], items[left - 1]);
        }
    }
}
