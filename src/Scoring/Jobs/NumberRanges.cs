using System.Globalization;
using System.Text;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Numbers as people write them: <c>3, 7-9</c>.</summary>
internal static class NumberRanges
{
    private const int MostRanges = 20;   // of a message of one line

    /// <summary>In words.</summary>
    /// <param name="numbers">Ascending, each once.</param>
    public static string Of(IReadOnlyList<int> numbers)
    {
        StringBuilder text = new();
        int ranges = 0;
        for (int i = 0; i < numbers.Count; ranges++)
        {
            if (ranges == MostRanges)
                return text.Append(CultureInfo.InvariantCulture, $" and {numbers.Count - i} more").ToString();
            int last = i;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1)
                last++;
            text.Append(ranges == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"{numbers[i]}");
            if (last > i)
                text.Append(CultureInfo.InvariantCulture, $"-{numbers[last]}");
            i = last + 1;
        }
        return text.ToString();
    }
}
