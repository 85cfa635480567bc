using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Records;

/// <summary>Opens Parquet files, and says of others what they are instead.</summary>
internal static class ParquetContent
{
    /// <inheritdoc cref="ParquetFile.Open"/>
    public static ParquetFile Open(Stream stream)
    {
        byte[] head = new byte[Math.Min(stream.Length, ForeignContent.HeadLength)];
        stream.Position = 0;
        stream.ReadExactly(head);
        return WhatElse(head) is { } other
            ? throw new ParquetFault($"no Parquet file: {other}")
            : ParquetFile.Open(stream);
    }

    // What it is, where it is known and does not begin as Parquet does.
    private static string? WhatElse(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty || head.StartsWith("PAR1"u8))
            return null;
        return Compressions.OfContent(head) switch
        {
            Compression.None => ForeignContent.Tell(head) ?? (IsText(head)
                ? "this looks like text: --format csv, tsv, jsonl or txt"
                : null),
            { } compression => $"this is a file of {compression}: unpack it, or say with --format what it holds",
        };
    }

    // Its last character may be cut.
    private static bool IsText(ReadOnlySpan<byte> head) =>
        ForeignContent.Wanted(head) == 0 && head.Length - InvalidUtf8.ValidLength(head) < 4;
}
