using System.Text;
using System.Text.Json;

namespace GauRuntime.Weights;

/// <summary>Says what is wrong with a JSON text: the line, and what stands there.</summary>
internal static class JsonFault
{
    private const int LongestWord = 20;

    /// <summary>Place and reason of a fault.</summary>
    /// <param name="json">The whole text, without a byte order mark.</param>
    /// <param name="fault">What its parser threw; without a line where a key occurs twice.</param>
    public static (string Place, string Reason) Explain(ReadOnlySpan<byte> json, JsonException fault)
    {
        if (IsCut(json))
            return ($"line {json.Count((byte)'\n') + 1}",
                "no valid JSON: the file ends in the middle, as if it was cut short");
        if (fault.LineNumber is not { } line)
            return Repeated(json) ?? ("file", "no valid JSON");
        int start = 0;
        for (long i = 0; i < line && json[start..].IndexOf((byte)'\n') is >= 0 and var end; i++)
            start += end + 1;
        int at = (int)Math.Min(start + (fault.BytePositionInLine ?? 0), json.Length);
        int character = Encoding.UTF8.GetCharCount(json[start..at]) + 1;
        return ($"line {line + 1}", $"no valid JSON: {What(json, at)} (character {character} of the line)");
    }

    /// <summary>Place and reason where an object has a key twice, else null.</summary>
    /// <param name="json">A whole text, well-formed, without a byte order mark.</param>
    /// <exception cref="InvalidOperationException">A name is no valid Unicode.</exception>
    public static (string Place, string Reason)? Repeated(ReadOnlySpan<byte> json)
    {
        Stack<HashSet<string>> objects = new();
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                objects.Push(new(StringComparer.Ordinal));
            else if (reader.TokenType == JsonTokenType.EndObject)
                objects.Pop();
            else if (reader.TokenType == JsonTokenType.PropertyName && !objects.Peek().Add(reader.GetString()!))
                return ($"line {json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1}",
                    $"no valid JSON: the key '{reader.GetString()}' occurs twice");
        }
        return null;
    }

    /// <summary>Whether all of it is the beginning of something longer.</summary>
    private static bool IsCut(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, isFinalBlock: false, new JsonReaderState());
        try
        {
            while (reader.Read())
            {
            }
            return reader.CurrentDepth > 0 || reader.TokenType == JsonTokenType.None;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string What(ReadOnlySpan<byte> json, int at)
    {
        if (at == json.Length)
            return "something is missing";
        ReadOnlySpan<byte> before = json[..at].TrimEnd(" \t\r\n"u8);
        char last = before.IsEmpty ? '\0' : (char)before[^1], next = (char)json[at];
        switch (next)
        {
            case '}' or ']' when last == ',':
                return $"a comma with nothing behind it, before '{next}'";
            case ',' when last is ',' or '{' or '[':
                return "a comma with nothing before it";
            case '\'':
                return "a single quote: names and strings stand between double quotes";
            case '/' or '#':
                return "a comment, which JSON does not have";
            case '\n' or '\r':
                return "a string that does not end on its line";
            case < ' ':
                return "a control character inside a string";
            case '"' when last is not (':' or ',' or '{' or '['):
                return "a comma or a colon is missing before the quote";
            case '{' or '[' when last is ':' or ',' or '{' or '[':
                return "objects or lists nested too deep";
        }
        if (last == '\\')
            return $"the escape '\\{Word(json[at..])}', which JSON does not have";
        return char.IsAsciiLetter(next)
            ? $"'{Word(json[at..])}' without quotes: JSON has no words but true, false and null"
            : $"'{Word(json[at..])}' does not belong there";
    }

    /// <summary>The first character, with what letters and digits follow it.</summary>
    private static string Word(ReadOnlySpan<byte> rest)
    {
        Rune.DecodeFromUtf8(rest, out Rune first, out int length);
        if (!first.IsAscii || !char.IsAsciiLetterOrDigit((char)first.Value))
            return first.ToString();
        while (length < Math.Min(rest.Length, LongestWord) && char.IsAsciiLetterOrDigit((char)rest[length]))
            length++;
        return Encoding.ASCII.GetString(rest[..length]);
    }
}
