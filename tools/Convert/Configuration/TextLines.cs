using System.Globalization;
using System.Text;
using GauRuntime.Weights;

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
    /// The file is too large or not UTF-8, a line is longer than 1000 bytes or holds a control character.
    /// </exception>
    public static List<TextLine> Read(string path)
    {
        ReadOnlySpan<byte> rest = SmallFile.Read(path, MaxFile).Span;
        List<TextLine> lines = [];
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.EndsWith("\r"u8)) line = line[..^1];
            lines.Add(new TextLine(lines.Count + 1, Decode(path, lines.Count + 1, line)));
        }
        return lines;
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
            throw new GauFormatException(path, place, "invalid UTF-8", fault);
        }
    }
}
