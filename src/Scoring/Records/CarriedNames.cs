using System.Globalization;

namespace GauRuntime.Scoring.Records;

/// <summary>What the columns of a table are called among the fields of a result.</summary>
internal static class CarriedNames
{
    /// <summary>
    /// Their names; as an object has every name once, a later column of the same name is told by its number too.
    /// </summary>
    /// <param name="columns">The names of all columns, in order.</param>
    public static string[] Of(IEnumerable<string> columns)
    {
        HashSet<string> taken = [];
        return [.. columns.Select((name, i) =>
        {
            string candidate = name;
            while (!taken.Add(candidate))
                candidate = string.Create(CultureInfo.InvariantCulture, $"{candidate} ({i + 1})");
            return candidate;
        })];
    }
}
