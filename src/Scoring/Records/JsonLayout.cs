using System.Text.Json;

namespace GauRuntime.Scoring.Records;

/// <summary>How the objects of a JSON input stand.</summary>
internal enum JsonLayout
{
    /// <summary>One in each line.</summary>
    Lines,
    /// <summary>In an array, which is all there is.</summary>
    Array,
    /// <summary>One after the other, each over several lines.</summary>
    Objects,
}

/// <summary>Tells layouts apart.</summary>
internal static class JsonLayouts
{
    private const int Patience = 1 << 16;   // up to there every byte of a pipe is looked at as it comes

    /// <summary>
    /// What the first line tells, or of an object that it begins and does not end, at most the first MiB.
    /// </summary>
    /// <param name="bytes">The input at its start; nothing is taken from it.</param>
    public static JsonLayout Of(ByteSource bytes)
    {
        for (int wanted = 1; ; wanted = wanted < Patience ? bytes.Available.Length + 1 : 2 * bytes.Available.Length)
        {
            bool isWhole = !bytes.Fill(Math.Min(wanted, InputBeginning.Length));
            ReadOnlySpan<byte> content = bytes.Available[..Math.Min(bytes.Available.Length, InputBeginning.Length)];
            bool isAll = isWhole || content.Length == InputBeginning.Length;
            if (Judge(content.TrimStart(" \t\r\n"u8), isWhole, isAll) is { } layout)
                return layout;
        }
    }

    // Null where more is needed, and there may be more. How much there is already must not matter.
    private static JsonLayout? Judge(ReadOnlySpan<byte> content, bool isWhole, bool isAll)
    {
        if (content.IsEmpty)
            return isAll ? JsonLayout.Lines : null;
        if (content[0] is not ((byte)'{' or (byte)'['))
            return JsonLayout.Lines;
        int line = content.IndexOf((byte)'\n');
        if (line < 0 && !isAll)
            return null;
        if (content[0] == (byte)'[')
            return OfArray(content, line < 0 ? content.Length : line, isAll);
        return line < 0 ? JsonLayout.Lines : OfObject(content, line, isWhole, isAll);
    }

    // An array that ends in its line is all there is, or else one of many lines, none of which is a record. One that
    // does not is of objects, or else a line that is broken.
    private static JsonLayout? OfArray(ReadOnlySpan<byte> content, int line, bool isAll)
    {
        int end = new JsonNesting().End(content[..line]);
        if (end < 0)
            return content[1..].TrimStart(" \t\r\n"u8) switch
            {
                [(byte)'{' or (byte)']', ..] => JsonLayout.Array,
                [] when !isAll => null,
                _ => JsonLayout.Lines,
            };
        return !content[end..].Trim(" \t\r\n"u8).IsEmpty ? JsonLayout.Lines : isAll ? JsonLayout.Array : null;
    }

    private static JsonLayout? OfObject(ReadOnlySpan<byte> content, int line, bool isWhole, bool isAll)
    {
        try
        {
            return EndOf(content) is { } end
                ? end > line ? JsonLayout.Objects : JsonLayout.Lines
                : isWhole ? JsonLayout.Lines : isAll ? JsonLayout.Objects : null;
        }
        catch (JsonException)
        {
            return JsonNumbers.Tame(content) is { } tame
                ? OfObject(tame, line, isWhole, isAll)
                : JsonLayout.Lines;
        }
    }

    // Where the object ends, or null where it goes on.
    private static long? EndOf(ReadOnlySpan<byte> content)
    {
        JsonReaderOptions lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        Utf8JsonReader reader = new(content, isFinalBlock: false, new JsonReaderState(lenient));
        return reader.Read() && reader.TrySkip() ? reader.BytesConsumed : null;
    }
}
