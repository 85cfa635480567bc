namespace GauRuntime.Text;

/// <summary>Numbers found by other numbers: open addressing, at most half full.</summary>
/// <remarks>
/// The hash is a product with an odd number that is drawn anew for every map, so that nobody can choose keys that
/// collide; what is found does not depend on it. Thread-safe once nothing is added any more.
/// </remarks>
internal sealed class NumberMap
{
    /// <summary>What is found by a key that was not added.</summary>
    internal const int Missing = -1;

    private const int FewestBits = 4;

    private readonly ulong multiplier = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private (ulong Key, int Value)[] slots = new (ulong, int)[1 << FewestBits];   // key 0: free
    private int shift = 64 - FewestBits;
    private int count;

    /// <summary>The number that was added with a key, which is not 0.</summary>
    internal int Find(ulong key)
    {
        (ulong Key, int Value)[] slots = this.slots;
        for (int slot = SlotOf(key); ; slot = (slot + 1) & (slots.Length - 1))
        {
            (ulong found, int value) = slots[slot];
            if (found == key)
                return value;
            if (found == 0)
                return Missing;
        }
    }

    /// <summary>Adds a key, which is not 0 and not there yet.</summary>
    internal void Add(ulong key, int value)
    {
        if (2 * ++count > slots.Length)
            Grow();
        Put(key, value);
    }

    private int SlotOf(ulong key) => (int)((key * multiplier) >> shift);

    private void Put(ulong key, int value)
    {
        int slot = SlotOf(key);
        while (slots[slot].Key != 0)
            slot = (slot + 1) & (slots.Length - 1);
        slots[slot] = (key, value);
    }

    private void Grow()
    {
        (ulong Key, int Value)[] smaller = slots;
        slots = new (ulong, int)[2 * smaller.Length];
        shift--;
        foreach ((ulong key, int value) in smaller)
            if (key != 0)
                Put(key, value);
    }
}
