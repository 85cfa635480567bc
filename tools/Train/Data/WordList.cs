using System.Globalization;
using System.Text;
using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary>Words of Chinese characters and how often they occur, the most frequent first.</summary>
/// <remarks>
/// As a file: UTF-8, on each line a word, a tab or space, and its count. What may follow, as the part of speech in a
/// dictionary of jieba, means nothing. Immutable, thread-safe.
/// </remarks>
internal sealed class WordList
{
    /// <summary>Takes words in any order.</summary>
    /// <param name="words">Each once, with a count of 1 or more.</param>
    public WordList(IEnumerable<(string Word, long Count)> words) => Words =
    [
        .. words.OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Word, StringComparer.Ordinal),
    ];

    /// <summary>The words.</summary>
    public IReadOnlyList<(string Word, long Count)> Words { get; }

    /// <summary>Lines of the file whose words are not of Chinese characters alone: no text is cut into them.</summary>
    public int Useless { get; private init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="GauFormatException">It is no list of words.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WordList Read(string path)
    {
        Dictionary<string, long> words = new(StringComparer.Ordinal);
        int useless = 0;
        foreach (TextLine line in TextLines.Read(path))
        {
            string[] parts = line.Text.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length is not (2 or 3)
                || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                || count is < 1 or > int.MaxValue)
                throw new GauFormatException(path, line.Place, "expected a word and its count, as in 法律 120");
            if (!IsHan(parts[0]))
                useless++;
            else if (!words.TryAdd(parts[0], count))
                throw new GauFormatException(path, line.Place, $"the word '{parts[0]}' stands on another line too");
        }
        if (words.Count == 0)
            throw new GauFormatException(path, "lines", "no word of Chinese characters");
        return new WordList(words.Select(word => (word.Key, word.Value))) { Useless = useless };
    }

    /// <summary>Writes it as <see cref="Read"/> reads it.</summary>
    public void Write(Stream stream)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), -1, true);
        foreach ((string word, long count) in Words)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{word}\t{count}\n"));
    }

    private static bool IsHan(string word)
    {
        foreach (Rune rune in word.EnumerateRunes())
            if (!TextRuns.IsHan(rune.Value))
                return false;
        return true;
    }
}
