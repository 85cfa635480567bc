using System.Globalization;

namespace GauRuntime.Scoring.Jobs;

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

    internal const string PartPrefix = "part-";

    /// <summary>The name of this share's file: <c>part-00007-of-00100</c> and the extension.</summary>
    public string PartName(string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{PartPrefix}{Index:00000}{OfCount}{extension}");

    /// <summary>Whether a name is that of a part, its marker or a work file of an attempt at it.</summary>
    /// <param name="name">The name, without its folder.</param>
    public static bool IsPartName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryParseName(name.ToLowerInvariant(), out _, out _);   // there are disks that do not tell case
    }

    /// <summary>Splits the name of a file that has to do with a part.</summary>
    /// <param name="name">The name, without its folder.</param>
    /// <param name="shard">Whose part.</param>
    /// <param name="rest">What follows: the part's extension, and that of a marker or work file.</param>
    internal static bool TryParseName(string name, out Shard shard, out string rest)
    {
        int end = new Shard(0, 1).PartName("").Length;
        rest = name.Length > end ? name[end..] : "";
        shard = default;
        return name.Length >= end
            && TryParse($"{name.AsSpan(PartPrefix.Length, 5)}/{name.AsSpan(end - 5, 5)}", out shard)
            && name.StartsWith(shard.PartName(""), StringComparison.Ordinal);
    }

    /// <summary>Whether a file in the folder of the parts has to do with one of these shares.</summary>
    internal bool SharesWith(string name) => name.IndexOf(OfCount, StringComparison.Ordinal) == PartPrefix.Length + 5;

    private string OfCount => string.Create(CultureInfo.InvariantCulture, $"-of-{Count:00000}");

    /// <summary>The bytes of this share, of so many: those of all shares together, each once.</summary>
    public (long From, long To) Range(long bytes) =>
        ((long)((Int128)bytes * Index / Count), Index == Count - 1
            ? long.MaxValue
            : (long)((Int128)bytes * (Index + 1) / Count));

    /// <summary><c>i/N</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
