using System.Globalization;
using System.Numerics;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>How many records had how many windows; up to four by number, then by ranges that double.</summary>
internal sealed class WindowCounts
{
    private const int Exact = 4;

    private readonly SortedDictionary<int, long> records = [];   // by the least number of a range

    /// <summary>The ranges that records fall into, the smallest first, and how many do.</summary>
    public IEnumerable<(string Windows, long Records)> Ranges =>
        records.Select(range => (Name(range.Key), range.Value));

    /// <summary>Counts a record.</summary>
    /// <param name="windows">At least 1.</param>
    public void Add(int windows)
    {
        int least = windows <= Exact ? windows : (1 << BitOperations.Log2((uint)windows - 1)) + 1;
        records[least] = records.GetValueOrDefault(least) + 1;
    }

    private static string Name(int least) => least <= Exact
        ? least.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{least}-{2 * (least - 1)}");
}
