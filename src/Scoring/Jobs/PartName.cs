using System.Globalization;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Names of the files that hold the results of shards: <c>part-00007-of-00100</c> and an extension.</summary>
internal static class PartName
{
    public const string Prefix = "part-";

    /// <summary>The name of a share's file.</summary>
    public static string Of(Shard shard, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{shard.Index:00000}{OfCount(shard)}{extension}");

    /// <summary>Whether a name is that of a part, its marker or a work file of an attempt at it.</summary>
    /// <param name="name">The name, without its folder.</param>
    public static bool Fits(string name) =>
        TryParse(name.ToLowerInvariant(), out _, out _);   // there are disks that do not tell case

    /// <summary>Splits the name of a file that has to do with a part.</summary>
    /// <param name="name">The name, without its folder.</param>
    /// <param name="shard">Whose part.</param>
    /// <param name="rest">What follows: the part's extension, and that of a marker or work file.</param>
    public static bool TryParse(string name, out Shard shard, out string rest)
    {
        int end = Of(new Shard(0, 1), "").Length;
        rest = name.Length > end ? name[end..] : "";
        shard = default;
        return name.Length >= end
            && Shard.TryParse($"{name.AsSpan(Prefix.Length, 5)}/{name.AsSpan(end - 5, 5)}", out shard)
            && name.StartsWith(Of(shard, ""), StringComparison.Ordinal);
    }

    /// <summary>Whether a file in the folder of the parts has to do with as many shares.</summary>
    public static bool HasCountOf(Shard shard, string name) =>
        name.IndexOf(OfCount(shard), StringComparison.Ordinal) == Prefix.Length + 5;

    private static string OfCount(Shard shard) =>
        string.Create(CultureInfo.InvariantCulture, $"-of-{shard.Count:00000}");
}
