using System.IO.Compression;
using System.Text;
using GauRuntime.Scoring.Records;
using ZstdSharp;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Records of text: JSON, tables, lines, their encodings and what compresses them.</summary>
internal static class RecordTargets
{
    private const int LongestLine = 1 << 14, MostRecords = 10_000;

    private static readonly RecordFields[] Ways =
    [
        new() { Encoding = TextEncoding.Auto, KeepOthers = true, KeepTexts = true },
        new() { Pair = "pair", ReplaceInvalid = true, Quotes = FieldQuotes.Auto, JoinsWords = true },
        new() { Choices = "choices", ExpectsIds = true, Label = "label", Encoding = TextEncoding.Gb18030 },
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        Text("jsonl", RecordFormat.JsonLines, JsonSeeds),
        Text("csv", RecordFormat.Csv, () => [Sample("clauses-test.csv", 2000), TwoByTwo(',')]),
        Text("tsv", RecordFormat.Tsv, () => [TwoByTwo('\t'), "text\tid\n\"a\t1\nb\"c\t2\n"u8.ToArray()]),
        Text("lines", RecordFormat.Text, () => ["第一条\n第二条\r\n\n"u8.ToArray(), .. Encodings()]),
        Compressed("gzip", () => [Gzip(Sample("legal.jsonl", 4000)), [.. Gzip("a\n"u8), .. Gzip("b\n"u8)]]),
        Compressed("zstandard", () => [Zstandard(Sample("legal.jsonl", 4000)), [.. Zstandard("a\n"u8), .. Zstandard("b\n"u8)]]),
    ];

    /// <summary>Reads all records of an input.</summary>
    public static void Read(byte[] bytes, RecordFormat format, RecordFields fields)
    {
        InputFile input = new("input", format, bytes.Length, () => new MemoryStream(bytes, writable: false));
        using RecordSource source = new([input], fields, LongestLine);
        _ = source.Notes;
        for (int i = 0; i < MostRecords && source.Next() is not null; i++)
        {
        }
        _ = source.EndNotes;
    }

    private static FuzzTarget Text(string name, RecordFormat format, Func<IEnumerable<byte[]>> seeds) =>
        new(name, seeds, input => AnyOf.These(
            [.. Ways.Where(fields => format != RecordFormat.Text || (fields.Pair ?? fields.Choices) is null)],
            fields => Read(input.Bytes, format, fields)))
        {
            // Each way has buffers of its own, and the first the tables of an encoding.
            FixedBytes = 32 << 20,
        };

    // Up to 64 MiB, and beyond to a thousand times their size, data may make what they like (R12).
    private static FuzzTarget Compressed(string name, Func<IEnumerable<byte[]>> seeds) =>
        new(name, seeds, input => Read(input.Bytes, RecordFormat.JsonLines, Ways[0]))
        {
            FixedBytes = 512 << 20, BytesPerByte = 8000,
        };

    private static IEnumerable<byte[]> JsonSeeds() =>
    [
        Sample("legal.jsonl", 3000), Sample("pairs.jsonl", 1000),
        """
        [{"id": 1, "text": "a\u4e00\ud83d\ude00", "pair": "b", "choices": ["c", "d"]},
         {"id": 2.5, "text": ["w", "v"], "label": [1, {"x": null}], "more": {"y": [true, -1e5]}}]
        """u8.ToArray(),
        "{\"text\":\"a\",\"id\":1}\n{\n  \"text\": \"b\",\n  \"id\": 2\n}\n{\"text\":3}\n"u8.ToArray(),
    ];

    private static IEnumerable<byte[]> Encodings() =>
    [
        Encoding.Unicode.GetBytes("\uFEFF第一条\n😀\n"), Encoding.BigEndianUnicode.GetBytes("第一条\n第二条\n"),
        [0xb5, 0xda, 0xd2, 0xbb, 0xcc, 0xf5, (byte)'\n', 0x81, 0x30, 0x81, 0x30, 0x80, (byte)'\n'],   // GB18030
    ];

    private static byte[] TwoByTwo(char mark) => Encoding.UTF8.GetBytes(
        $"id{mark}text{mark}pair{mark}label\n1{mark}\"a\"\"b{mark}\nc\"{mark}x{mark}y\r\n2{mark}一{mark}{mark}\n");

    // Some lines of a file in samples.
    private static byte[] Sample(string name, int most)
    {
        byte[] all = File.ReadAllBytes(Path.Combine(Fixtures.Root, "samples", name));
        return all[..(all.AsSpan(0, Math.Min(most, all.Length)).LastIndexOf((byte)'\n') + 1)];
    }

    private static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using MemoryStream stored = new();
        using (GZipStream gzip = new(stored, CompressionLevel.Optimal))
            gzip.Write(content);
        return stored.ToArray();
    }

    private static byte[] Zstandard(ReadOnlySpan<byte> content)
    {
        using Compressor compressor = new();
        return compressor.Wrap(content).ToArray();
    }
}
