using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Configuration;

/// <summary>A line of a text file and its number, from 1.</summary>
internal readonly record struct TextLine(int Number, string Text)
{
    public string Place => string.Create(CultureInfo.InvariantCulture, $"line {Number}");
}

/// <summary>Reads UTF-8 text files of one entry per line; a byte order mark and CRLF are accepted.</summary>
internal static class TextLines
{
    private const int MaxFile = 256 << 20;
    private const int MaxLine = 1000;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads all lines; a final line break ends the last line and starts none.</summary>
    /// <exception cref="GauFormatException">
    /// The file is too large, not UTF-8, JSON or a pointer to another file, a line is longer than 1000 bytes or holds a
    /// control character.
    /// </exception>
    public static List<TextLine> Read(string path)
    {
        ReadOnlySpan<byte> rest = SmallFile.Read(path, MaxFile).Span;
        if (Lookalike.Stub(rest[..Math.Min(rest.Length, 512)]) is { } stub)
            throw new GauFormatException(path, "line 1", $"no list of lines, but {stub}");
        if (IsJson(rest))
            throw new GauFormatException(path, "line 1", "JSON, where one entry on each line is expected");
        List<TextLine> lines = [];
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.EndsWith("\r"u8))
                line = line[..^1];
            lines.Add(new TextLine(lines.Count + 1, Decode(path, lines.Count + 1, line)));
        }
        return lines;
    }

    /// <summary>Whether all of it is one JSON object or list, which no list of tokens or labels is.</summary>
    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> content = text.TrimStart(" \t\r\n"u8);
        if (!content.StartsWith("{"u8) && !content.StartsWith("["u8))
            return false;
        try
        {
            Utf8JsonReader reader = new(content);
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Decode(string path, int number, ReadOnlySpan<byte> line)
    {
        string place = new TextLine(number, "").Place;
        if (line.Length > MaxLine)
            throw new GauFormatException(path, place, $"{line.Length} bytes; a line has at most {MaxLine}");
        if (line.ContainsAny((byte)'\r', (byte)0))
            throw new GauFormatException(path, place, "a control character inside the line");
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException fault)
        {
            throw new GauFormatException(path, place, "invalid UTF-8: save the file as UTF-8", fault);
        }
    }
}
