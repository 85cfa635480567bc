using CsCheck;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tests.Encoded;

namespace GauRuntime.Scoring.Tests.Shards;

/// <summary>Random inputs of what makes it hard to find where a record begins.</summary>
internal static class ShardInputs
{
    /// <summary>For <see cref="RecordSource"/>: some lines are longer.</summary>
    public const int LongestLine = 1000;

    private static readonly string[] Objects =
    [
        "{\"id\":\"a\",\"text\":\"今天\"}", "{\"text\":\"天气好\"}", "{\"id\":7,\"text\":\"x\",\"more\":[1,{\"a\":\"\\n\"}]}", "", " \t",
        "{\"text\":5}", "not JSON", "\r", $"{{\"text\":\"{new string('天', 200)}\"}}", $"{{\"text\":\"{new string('x', 1200)}\"}}",
    ];

    private static readonly string[] Texts = ["今天天气", "", "a\rb", "\"", "{}", "  ", new('天', 300), new('x', 1200)];

    private static readonly string[] Cells =
    [
        "今天", "1", "", "\"a\nb\"", "\"\r\n\"", "\"\r\"", "\"x,\"\"y\"\"\t;\"", "a\"b", "\"\"", new('天', 300), $"\"{new string('\n', 1200)}\"",
    ];

    // UTF-8 as often as the others together.
    private static readonly Gen<TextEncoding> Encodings = Gen.Int[0, 5].Select(i => i switch
    {
        0 => TextEncoding.Gb18030,
        1 => TextEncoding.Utf16LittleEndian,
        2 => TextEncoding.Utf16BigEndian,
        _ => TextEncoding.Utf8,
    });

    private static readonly Gen<string> Object = OneOf(Objects);
    private static readonly Gen<string> Text = OneOf(Texts);
    private static readonly Gen<string> LineEnd = OneOf("\n", "\r\n");
    private static readonly Gen<string> RowEnd = OneOf("\n", "\r\n", "\r");
    private static readonly Gen<string[]> Row = Gen.Frequency(
        (8, OneOf(Cells).Array[2]), (1, OneOf(Cells).Array[1, 3]), (1, Gen.Const(Array.Empty<string>())));

    private static readonly Gen<InputFile> JsonLines = Input(RecordFormat.JsonLines, Lines(Object, LineEnd));
    private static readonly Gen<InputFile> TextLines = Input(RecordFormat.Text, Lines(Text, LineEnd));
    private static readonly Gen<InputFile> Csv = Input(RecordFormat.Csv, Table(","));
    private static readonly Gen<InputFile> Tsv = Input(RecordFormat.Tsv, Table("\t"));

    /// <summary>One to four inputs of any formats, some of them empty.</summary>
    public static Gen<InputFile[]> Inputs { get; } = Gen.OneOf(JsonLines, TextLines, Csv, Tsv).Array[1, 4];

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Lines(Gen<string> line, Gen<string> end) =>
        Gen.Select(line, end).Array[0, 25].Select(lines => string.Concat(lines.Select(l => l.Item1 + l.Item2)));

    private static Gen<string> Table(string delimiter) => Gen.Frequency(
        (9, Lines(Row.Select(cells => string.Join(delimiter, cells)), RowEnd).Select(
            rows => $"id{delimiter}text\n{rows}")),
        (1, Gen.Const("")));

    private static Gen<InputFile> Input(RecordFormat format, Gen<string> content) =>
        Gen.Select(content, Gen.Bool, Gen.Bool, Encodings).Select((text, mark, cut, encoding) =>
        {
            byte[] bytes = EncodedBytes.Of(
                encoding, cut ? text.TrimEnd('\r', '\n') : text, mark: mark && text.Length > 0);
            // As InputFile.Find: an empty file is one whose size cannot be told.
            return new InputFile(
                $"{format}-{bytes.Length}", format, bytes.Length > 0 ? bytes.Length : null, () => new MemoryStream(bytes))
            {
                Encoding = encoding,
            };
        });
}
