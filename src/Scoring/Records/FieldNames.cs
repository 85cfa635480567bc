using System.Text.Json;

namespace GauRuntime.Scoring.Records;

/// <summary>Names of fields, which are the same in most records: one string for each.</summary>
internal sealed class FieldNames
{
    private const int Most = 256;
    private const int Longest = 128;   // bytes

    private readonly HashSet<string> names = [];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known;

    public FieldNames() => known = names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name that the reader stands at.</summary>
    /// <exception cref="InvalidOperationException">It holds half of a surrogate pair.</exception>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > Longest)
            return reader.GetString()!;
        Span<char> name = stackalloc char[Longest];
        name = name[..reader.CopyString(name)];
        if (known.TryGetValue(name, out string? same))
            return same;
        same = name.ToString();
        if (names.Count < Most)
            names.Add(same);
        return same;
    }
}
