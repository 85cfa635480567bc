using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>A record whose answer is wrong, with what a person needs to judge it.</summary>
/// <param name="Number">Its number over all inputs, from 0.</param>
/// <param name="Id">What names it.</param>
/// <param name="Place">Its file, and where in it.</param>
/// <param name="Text">Its text or texts, shortened.</param>
/// <param name="Label">Its label, shortened; more than a text or a number as JSON.</param>
/// <param name="Answer">What was answered, shortened.</param>
internal sealed record WorstRecord(
    long Number, string Id, string Place, IReadOnlyList<string> Text, string Label, string Answer);

/// <summary>The records with the worst answers, of which only a few are kept.</summary>
internal sealed class WorstRecords
{
    /// <summary>Records that are kept.</summary>
    public const int Most = 50;

    /// <summary>UTF-16 units of a text that are kept.</summary>
    public const int LongestText = 600;

    private readonly PriorityQueue<WorstRecord, (double Fault, long Order)> kept = new();

    /// <summary>All wrong answers.</summary>
    public long Wrong { get; private set; }

    /// <summary>The worst first; of equally wrong ones in their order.</summary>
    public IEnumerable<WorstRecord> Records => kept.UnorderedItems
        .OrderByDescending(item => item.Priority).Select(item => item.Element);

    /// <summary>Takes a record.</summary>
    /// <param name="fault">How wrong its answer is; 0: not at all.</param>
    /// <param name="number">Its number.</param>
    /// <param name="make">Makes what is kept of it, where it is.</param>
    internal void Add(double fault, long number, Func<WorstRecord> make)
    {
        if (!(fault > 0))
            return;
        Wrong++;
        (double, long) priority = (fault, -number);
        if (kept.Count == Most && kept.TryPeek(out _, out (double, long) least) && priority.CompareTo(least) <= 0)
            return;
        kept.Enqueue(make(), priority);
        if (kept.Count > Most)
            kept.Dequeue();
    }

    /// <summary>The beginning of a text.</summary>
    internal static string Shortened(string text) => Printable.Shortened(text, LongestText);
}
