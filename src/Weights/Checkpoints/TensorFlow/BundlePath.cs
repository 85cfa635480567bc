using System.Globalization;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>The file names of a bundle: <c>P.index</c> and <c>P.data-00000-of-00001</c> … for a prefix P.</summary>
internal readonly record struct BundlePath(string Prefix)
{
    private const string IndexSuffix = ".index", DataInfix = ".data-";

    /// <summary>The index file.</summary>
    public string Index => Prefix + IndexSuffix;

    /// <summary>A data file.</summary>
    public string Shard(int shard, int shards) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{DataInfix}{shard:D5}-of-{shards:D5}");

    /// <summary>The bundle that a prefix, an index file or a data file belongs to.</summary>
    public static BundlePath Of(string path)
    {
        if (path.EndsWith(IndexSuffix, StringComparison.Ordinal))
            return new BundlePath(path[..^IndexSuffix.Length]);
        int data = IsData(path) ? path.LastIndexOf(DataInfix, StringComparison.Ordinal) : -1;
        return new BundlePath(data >= 0 ? path[..data] : path);
    }

    /// <summary>Whether a name ends like that of a data file.</summary>
    public static bool IsData(string path)
    {
        int at = path.LastIndexOf(DataInfix, StringComparison.Ordinal);
        if (at < 0)
            return false;
        string[] numbers = path[(at + DataInfix.Length)..].Split("-of-");
        return numbers.Length == 2
            && Array.TrueForAll(numbers, text => text.Length >= 5 && text.All(char.IsAsciiDigit));
    }
}
