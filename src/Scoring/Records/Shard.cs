using System.Globalization;

namespace GauRuntime.Scoring.Records;

/// <summary>One of several shares of a run's input.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">How many shares there are, at least 1.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>The most shares that a run can have.</summary>
    public const int MostShards = 99_999;

    /// <summary>Reads <c>i/N</c>, i from 0 to N − 1.</summary>
    public static bool TryParse(string text, out Shard shard)
    {
        ArgumentNullException.ThrowIfNull(text);
        shard = default;
        if (text.Split('/') is not [var index, var count]
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int i)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            || n is < 1 or > MostShards || i >= n)
            return false;
        shard = new Shard(i, n);
        return true;
    }

    /// <summary>The bytes of this share, of so many: those of all shares together, each once.</summary>
    internal (long From, long To) Range(long bytes) =>
        ((long)((Int128)bytes * Index / Count), Index == Count - 1
            ? long.MaxValue
            : (long)((Int128)bytes * (Index + 1) / Count));

    /// <summary><c>i/N</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
