using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace GauRuntime.Benchmarks.Comparison;

/// <summary>A task that all models are fine-tuned on.</summary>
/// <param name="Name">The name of its folders and rows.</param>
/// <param name="Title">What readers call it.</param>
/// <param name="Train">JSON Lines.</param>
/// <param name="Dev">As <paramref name="Train"/>.</param>
/// <param name="Test">As <paramref name="Train"/>.</param>
/// <param name="Options">How its fields are called.</param>
internal sealed record TaskData(
    string Name, string Title, string Train, string Dev, string Test, IReadOnlyList<string> Options)
{
    private const int LongestParagraph = 120, ShortestParagraph = 12, PairsOfADocument = 4;

    /// <summary>The labelled texts, and pairs of neighbouring paragraphs made of the corpus.</summary>
    public static IReadOnlyList<TaskData> Of(ComparisonOptions options) =>
    [
        .. new TaskData[]
        {
            new("kind", "kind of text", options.Train, options.Dev, options.Test, []),
            Order(options),
        }.Select(task => task with
        {
            Train = Begun(options, task.Name, "train", task.Train, options.TrainRows),
            Dev = Begun(options, task.Name, "dev", task.Dev, options.DevRows),
        }),
    ];

    // A file of the first rows of another one.
    private static string Begun(ComparisonOptions options, string task, string part, string rows, int count)
    {
        string file = Path.Combine(options.Folder, string.Create(
            CultureInfo.InvariantCulture, $"{task}-{part}-{count}.jsonl"));
        if (!File.Exists(file))
        {
            File.WriteAllLines(file + ".new", Lines(rows).Take(count));
            File.Move(file + ".new", file);
        }
        return file;
    }

    /// <summary>
    /// Which of two neighbouring paragraphs comes first: half of the pairs are turned round. All pairs of a document
    /// are in one part, chosen by the hash of its text.
    /// </summary>
    private static TaskData Order(ComparisonOptions options)
    {
        string folder = Path.Combine(options.Folder, "order");
        Directory.CreateDirectory(folder);
        string[] names = ["train", "dev", "test"];
        string[] files = [.. names.Select(name => Path.Combine(folder, name + ".jsonl"))];
        if (!files.All(File.Exists))
        {
            string[] unfinished = [.. files.Select(file => file + ".new")];
            StreamWriter[] parts = [.. unfinished.Select(file => new StreamWriter(file))];
            foreach (string text in Documents(options.Corpus))
            {
                ulong hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text));
                WritePairs(text, hash, parts[(hash % 10) switch { 0 => 1, 1 => 2, _ => 0 }]);
            }
            foreach (StreamWriter part in parts)
                part.Dispose();
            foreach (string file in files)
                File.Move(file + ".new", file, overwrite: true);
        }
        return new TaskData("order", "order of paragraphs", files[0], files[1], files[2], ["--pair", "second"]);
    }

    private static void WritePairs(string text, ulong hash, StreamWriter part)
    {
        string[] paragraphs = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int written = 0;
        for (int i = 0; i + 1 < paragraphs.Length && written < PairsOfADocument; i += 2)
        {
            (string one, string two) = (paragraphs[i], paragraphs[i + 1]);
            if (!Fits(one) || !Fits(two))
                continue;
            bool turned = (hash >> (8 + written) & 1) != 0;
            part.WriteLine(JsonSerializer.Serialize(new
            {
                text = turned ? two : one, second = turned ? one : two, label = turned ? "turned" : "as written",
            }));
            written++;
        }
    }

    // Numbered articles would give the order away.
    private static bool Fits(string paragraph) =>
        paragraph.Length is >= ShortestParagraph and <= LongestParagraph
        && paragraph[0] is not ('第' or '（' or '(') && !char.IsAsciiDigit(paragraph[0])
        && !"一二三四五六七八九十".Contains(paragraph[0], StringComparison.Ordinal);

    private static IEnumerable<string> Documents(string corpus)
    {
        foreach (string line in Lines(corpus))
        {
            using JsonDocument record = JsonDocument.Parse(line);
            yield return record.RootElement.GetProperty("content").GetString()!;
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress) : file;
        using StreamReader lines = new(plain);
        while (lines.ReadLine() is { } line)
            yield return line;
    }
}
