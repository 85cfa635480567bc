using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Clue;

/// <summary>The blanks of ChID, <c>#idiom000000#</c>, and the file that says what belongs in them.</summary>
internal static class IdiomBlanks
{
    /// <summary>The most of them in an element: each is a record with all of its text.</summary>
    public const int Most = 1000;

    private const string Begin = "#idiom", Asked = "[MASK][MASK][MASK][MASK]", Other = "[UNK]";
    private const int Digits = 6, MostBytes = 1 << 28;

    /// <summary>Where the labels of a file usually are: beside it, as <c>train_answer.json</c>.</summary>
    public static string FileBeside(string path)
    {
        string plain = Path.GetExtension(path) is ".gz" or ".zst" ? Path.ChangeExtension(path, null) : path;
        return Path.ChangeExtension(plain, null) + "_answer" + Path.GetExtension(plain);
    }

    /// <summary>Reads <c>{"#idiom000000#":3,…}</c>.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <param name="stream">Its content; the right indices of all blanks are kept in memory.</param>
    /// <exception cref="GauFormatException">It is no such object.</exception>
    public static IReadOnlyDictionary<string, int> ReadAnswers(string name, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 16];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            if (bytes.Length + count > MostBytes)
                throw new GauFormatException(name, "the end", $"more than {MostBytes} bytes of answers");
            bytes.Write(buffer, 0, count);
        }
        try
        {
            Utf8JsonReader reader = new(Content(bytes));
            return Read(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ClueFault)
        {
            throw new GauFormatException(name, "the answers", "expected a JSON object of blanks and indices", e);
        }
    }

    /// <summary>The blanks of a text in their order; no two share a character.</summary>
    internal static IEnumerable<string> Find(string text) => Places(text).Select(place => text[place]);

    /// <summary>The text with four masks in one blank and the token for unknown words in others.</summary>
    internal static string Ask(string text, string blank)
    {
        StringBuilder asked = new(text.Length);
        int taken = 0;
        foreach (Range place in Places(text))
        {
            asked.Append(text.AsSpan(taken, place.Start.Value - taken));
            asked.Append(text.AsSpan(place).SequenceEqual(blank) ? Asked : Other);
            taken = place.End.Value;
        }
        return asked.Append(text.AsSpan(taken)).ToString();
    }

    private static IEnumerable<Range> Places(string text)
    {
        int length;
        for (int at = 0; (at = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0; at += Math.Max(length, 1))
        {
            length = LengthAt(text, at);
            if (length > 0)
                yield return at..(at + length);
        }
    }

    private static int LengthAt(string text, int at)
    {
        int end = at + Begin.Length;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - at >= Begin.Length + Digits && end < text.Length && text[end] == '#' ? end + 1 - at : 0;
    }

    private static ReadOnlySpan<byte> Content(MemoryStream bytes)
    {
        ReadOnlySpan<byte> content = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        return content is [0xef, 0xbb, 0xbf, ..] ? content[3..] : content;
    }

    private static Dictionary<string, int> Read(ref Utf8JsonReader reader)
    {
        Dictionary<string, int> answers = new(StringComparer.Ordinal);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new ClueFault("no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string blank = reader.GetString()!;
            reader.Read();
            answers[blank] = reader.TokenType == JsonTokenType.String
                ? OfDigits(reader.GetString()!)
                : reader.GetInt32();
        }
        return answers;
    }

    private static int OfDigits(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? index
            : throw new ClueFault("no index");
}
