using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Records that were rejected for the same reason, up to the numbers and words of each.</summary>
/// <param name="Reason">Why the first of them was.</param>
/// <param name="Records">How many there are.</param>
/// <param name="First">Where the first stands.</param>
/// <param name="IsSame">Whether the reason is that of all of them, to the letter.</param>
/// <param name="Fields">The fields that the first has, where the reason is that it lacks one; else empty.</param>
internal sealed record RejectKind(
    string Reason, long Records, RecordPlace First, bool IsSame, IReadOnlyList<string> Fields)
{
    private const string Lack = "no field ";

    internal static bool IsLack(string reason) => reason.StartsWith(Lack, StringComparison.Ordinal);

    /// <summary>All of it in one line for a user.</summary>
    public override string ToString()
    {
        bool lacks = IsLack(Reason);
        string count = Records == 1 ? "1 record" : $"{Records} records";
        string verb = !lacks ? ": " : Records == 1 ? " has " : " have ";
        string fields = Fields.Count == 0 ? "" : $"; the fields are {string.Join(", ", Fields.Select(f => $"'{f}'"))}";
        return $"{count}{verb}{Printable.OneLine(Reason)}{(IsSame ? "" : ", and the like")}{fields} "
            + $"(first: {Printable.OneLine(First.Source)}, {First.Unit} {First.Line})";
    }
}
