namespace GauRuntime.Weights.ModelFile;

/// <summary>
/// Where the logical indices of a matrix axis lie in the stored one. Groups of indices are padded to a multiple of 16,
/// so that every vector load of every group is whole.
/// </summary>
/// <remarks>Immutable.</remarks>
internal sealed class AxisLayout
{
    /// <summary>Every group starts at a multiple of this.</summary>
    public const int Unit = 16;

    private readonly (int Start, int Step, int Count)[] groups;
    private int[]? sources;   // only a writer wants them

    private AxisLayout(int size, IEnumerable<(int Start, int Step, int Count)> groups)
    {
        Size = size;
        this.groups = [.. groups];
        foreach ((_, _, int count) in this.groups)
            StoredSize = checked(StoredSize + Pad(count));
    }

    /// <summary>Logical length.</summary>
    public int Size { get; }

    /// <summary>Stored length, a multiple of 16.</summary>
    public int StoredSize { get; }

    /// <summary>For every stored index the logical one, or −1 for padding.</summary>
    public ReadOnlySpan<int> Sources => sources ??= Map();

    private int[] Map()
    {
        int[] map = new int[StoredSize];
        Array.Fill(map, -1);
        int at = 0;
        foreach ((int start, int step, int count) in groups)
        {
            for (int i = 0; i < count; i++)
                map[at + i] = start + i * step;
            at += Pad(count);
        }
        return map;
    }

    /// <summary>A length rounded up to a multiple of 16.</summary>
    public static int Pad(int size) => checked(size + Unit - 1) / Unit * Unit;

    /// <summary>One group: 0 … size − 1.</summary>
    public static AxisLayout Plain(int size) => new(size, [(0, 1, size)]);

    /// <summary>The outputs of i_dense: u [e], v [e], then the even and the odd features of z [s].</summary>
    public static AxisLayout Gated(int e, int s) =>
        new(2 * e + s, [(0, 1, e), (e, 1, e), (2 * e, 2, s / 2), (2 * e + 1, 2, s / 2)]);

    /// <summary>Per head the even, then the odd features: RoPE turns the pair (2i, 2i + 1).</summary>
    public static AxisLayout Rotary(int heads, int s) =>
        new(heads * s, Enumerable.Range(0, heads).SelectMany(head =>
            new[] { (head * s, 2, s / 2), (head * s + 1, 2, s / 2) }));

    /// <summary>A group per head.</summary>
    public static AxisLayout Heads(int heads, int d) =>
        new(heads * d, Enumerable.Range(0, heads).Select(head => (head * d, 1, d)));
}
