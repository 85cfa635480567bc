using System.Text;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>Records of every format as bytes, be they UTF-8 or not.</summary>
internal static class RecordBytes
{
    /// <summary>What stands before the first record.</summary>
    public static byte[] Header(string format) => format switch
    {
        "csv" => "id,text\n"u8.ToArray(),
        "tsv" => "id\ttext\n"u8.ToArray(),
        _ => [],
    };

    /// <summary>A record, whose text stands there as it is.</summary>
    public static byte[] Line(string format, string id, byte[] text) => format switch
    {
        "jsonl" => [.. Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\",\"text\":\""), .. text, .. "\"}\n"u8],
        "csv" => [.. Encoding.UTF8.GetBytes($"{id},"), .. text, (byte)'\n'],
        "tsv" => [.. Encoding.UTF8.GetBytes($"{id}\t"), .. text, (byte)'\n'],
        _ => [.. text, (byte)'\n'],
    };

    /// <summary>A whole input; the ids are the numbers of the records.</summary>
    public static byte[] File(string format, params byte[][] texts) =>
        [.. Header(format), .. texts.SelectMany((text, i) => Line(format, $"{i}", text))];

    /// <inheritdoc cref="File(string, byte[][])"/>
    public static byte[] File(string format, params string[] texts) =>
        File(format, [.. texts.Select(Encoding.UTF8.GetBytes)]);
}
