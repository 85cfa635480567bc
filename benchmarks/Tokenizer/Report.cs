using System.Globalization;
using System.Reflection;
using System.Text;

namespace GauRuntime.Benchmarks.Tokenizers;

/// <summary>The page <c>tokenizer.md</c> of a machine.</summary>
internal static class Report
{
    /// <summary>Markdown.</summary>
    public static string Of(Machine machine, string command, string vocabulary, IReadOnlyList<Found> all)
    {
        string fastVersion = Version(typeof(FastBertTokenizer.BertTokenizer));
        string microsoftVersion = Version(typeof(Microsoft.ML.Tokenizers.BertTokenizer));
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Tokenizers

            - Machine: {machine.Processor}, {machine.Cores} cores; {machine.System}; {machine.Framework}
            - FastBertTokenizer {fastVersion}, Microsoft.ML.Tokenizers {microsoftVersion}; {vocabulary} as vocabulary
            - One thread; all in turn, medians of {all[0].Rates.Count} rounds. Ratio: to FastBertTokenizer, which
              gives no offsets. Date: {DateTime.UtcNow:yyyy-MM-dd}. Command: `{command}`

            """);
        foreach (IGrouping<Corpus, Found> corpus in all.GroupBy(found => found.Corpus))
        {
            double fast = corpus.Single(found => found.Contender.Name == "FastBertTokenizer").Median;
            text.Append(CultureInfo.InvariantCulture, $"""

                ## {corpus.Key.Name}: {corpus.Key.Texts.Length} texts of {corpus.Key.AverageLength:0} characters

                | tokenizer | M tokens/s | slowest | fastest | ratio | bytes allocated a text | texts with our ids |
                | --- | ---: | ---: | ---: | ---: | ---: | ---: |

                """);
            foreach (Found found in corpus)
                text.Append(CultureInfo.InvariantCulture, $"| {found.Contender.Name} | {found.Median / 1e6:0.0} | {
                    found.Rates.Min() / 1e6:0.0} | {found.Rates.Max() / 1e6:0.0} | {found.Median / fast:0.00} | {
                    found.BytesPerText:0} | {found.Same:0.0 %} |\n");
        }
        return text.ToString();
    }

    // Of the package, without the commit behind it.
    private static string Version(Type type) => type.Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', '-')[0];
}
