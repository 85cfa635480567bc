using System.Text;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;

namespace GauRuntime.Scoring.Tests.Indexed;

/// <summary>Inputs that are indexed in short blocks, and what is read of them.</summary>
internal static class IndexedInputs
{
    /// <summary>An input in memory.</summary>
    public static InputFile Of(string name, RecordFormat format, byte[] content) =>
        new(name, format, content.Length > 0 ? content.Length : null, () => new MemoryStream(content));

    /// <inheritdoc cref="Of(string, RecordFormat, byte[])"/>
    public static InputFile Of(string name, RecordFormat format, string content) =>
        Of(name, format, Encoding.UTF8.GetBytes(content));

    /// <summary>An index of short blocks.</summary>
    public static InputIndex Index(
        IReadOnlyList<InputFile> inputs, int blockLength, RecordFields? fields = null, bool inBlocks = true) =>
        InputIndex.Make(
            inputs, fields ?? new RecordFields(), 2, null, blockLength, inBlocks, CancellationToken.None);

    /// <summary>What is known of an input, as text.</summary>
    public static string Described(IndexedInput input) =>
        $"{input with { Blocks = [], Places = [], LongestBlank = 0 }} {string.Join(' ', input.Blocks)} {string.Join(' ', input.Places)}";

    /// <summary>Records as text, and the digests of a marker.</summary>
    public static (string[] Records, UInt128 Start, UInt128 End) Read(
        IReadOnlyList<InputFile> inputs, int blockLength, Shard? shard, InputIndex? index, RecordFields? fields = null,
        int longestLine = RecordSource.DefaultLongestLine)
    {
        using RecordSource source = Source(inputs, blockLength, shard, index, fields, longestLine);
        string[] records = [.. Rest(source)];
        return (records, source.StartDigest, source.Digest);
    }

    /// <summary>A source of short blocks.</summary>
    public static RecordSource Source(
        IReadOnlyList<InputFile> inputs, int blockLength, Shard? shard, InputIndex? index, RecordFields? fields = null,
        int longestLine = RecordSource.DefaultLongestLine) =>
        new(inputs, (fields ?? new RecordFields()) with { KeepOthers = true }, longestLine, shard)
        {
            BlockLength = blockLength, Index = index,
        };

    /// <summary>What is left of the records.</summary>
    public static IEnumerable<string> Rest(RecordSource source)
    {
        while (source.Next() is { } r)
            yield return $"{r.Number} {r.Id} {r.Place} {r.Text} {r.Others} {r.Error} {Convert.ToHexString(r.Raw ?? [])}";
    }
}
