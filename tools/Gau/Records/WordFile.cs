using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Records;

/// <summary>Reads small files of words.</summary>
internal static class WordFile
{
    private const int MostBytes = 16 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Words, one on each line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="option">What names it.</param>
    /// <param name="host">Opens it.</param>
    /// <exception cref="ToolException">It is no such file.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static IReadOnlyList<string> Lines(string path, string option, CommandHost host)
    {
        string text = Read(path, option, host);
        string[] lines = text.Split('\n');
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        string[] words = [.. lines.Take(count).Select(line => line.EndsWith('\r') ? line[..^1] : line)];
        int empty = Array.FindIndex(words, string.IsNullOrWhiteSpace);
        return empty < 0 ? words : throw new ToolException(
            ExitCode.Usage, $"{option}: {Printable.OneLine(path)}, line {empty + 1}: there is no word", path);
    }

    /// <summary>An object of JSON: labels with a word or an array of words.</summary>
    /// <inheritdoc cref="Lines" path="/param|/exception"/>
    /// <exception cref="GauFormatException">It is not JSON.</exception>
    public static IReadOnlyList<LabelWords> Labels(string path, string option, CommandHost host)
    {
        string text = Read(path, option, host);
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Fault(path, option, "expected an object of labels with their words");
            return
            [
                .. json.RootElement.EnumerateObject().Select(label => new LabelWords(
                    label.Name,
                    Words(label.Value) ?? throw Fault(
                        path, option,
                        $"label '{Printable.OneLine(label.Name)}': expected a word or an array of words"))),
            ];
        }
        catch (JsonException e)
        {
            throw new GauFormatException(
                Printable.OneLine(path), $"line {(e.LineNumber ?? 0) + 1}", "not JSON: expected an object of labels "
                + "with their words", e);
        }
        catch (InvalidOperationException)
        {
            throw Fault(path, option, "a string holds half of a surrogate pair");
        }
    }

    // Null where it is neither a word nor an array of words.
    private static string[]? Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(word => word.GetString()!)],
        _ => null,
    };

    private static string Read(string path, string option, CommandHost host)
    {
        if (path == "-")
            throw new ToolException(ExitCode.Usage, $"{option}: name a file; standard input is for records");
        using Stream stream = Inputs.Find(path, RecordFormat.Text, host).Open();
        using MemoryStream content = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            content.Write(buffer.AsSpan(0, read));
            if (content.Length > MostBytes)
                throw Fault(path, option, $"more than {MostBytes >> 20} MiB, and words take less");
        }
        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        try
        {
            return Utf8.GetString(
                bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Fault(path, option, "not UTF-8");
        }
    }

    private static ToolException Fault(string path, string option, string reason) =>
        new(ExitCode.Usage, $"{option}: {Printable.OneLine(path)}: {reason}", path);
}
