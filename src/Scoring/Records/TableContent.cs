using GauRuntime.Parquet;
using GauRuntime.Scoring.Arrow;

namespace GauRuntime.Scoring.Records;

/// <summary>Opens Parquet and Arrow files, and says of others what they are instead.</summary>
internal static class TableContent
{
    /// <summary>Takes over a stream that can seek.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="format">Parquet or Arrow.</param>
    /// <exception cref="TableFault">It is no such file.</exception>
    public static TableFile Open(Stream stream, RecordFormat format)
    {
        bool isArrow = format == RecordFormat.Arrow;
        ReadOnlySpan<byte> head = Head(stream);
        bool beginsSo = isArrow ? ArrowFile.IsIn(head) : head.StartsWith("PAR1"u8);
        if (!beginsSo && WhatElse(head) is { } other)
            throw new TableFault($"no {NameOf(format)} file: {other}");
        return isArrow ? new ArrowTable(stream) : new ParquetTable(ParquetFile.Open(stream));
    }

    /// <summary>Takes over a stream whose first bytes tell whether it holds Arrow; else it must be Parquet.</summary>
    /// <inheritdoc cref="Open(Stream, RecordFormat)" path="/exception"/>
    public static TableFile Open(Stream stream) =>
        Open(stream, ArrowFile.IsIn(Head(stream)) ? RecordFormat.Arrow : RecordFormat.Parquet);

    /// <summary>What a format of tables is called.</summary>
    public static string NameOf(RecordFormat format) => format switch
    {
        RecordFormat.Arrow => "Arrow",
        RecordFormat.Npy => "npy",
        _ => "Parquet",
    };

    private static byte[] Head(Stream stream)
    {
        if (!stream.CanSeek)
            throw new TableFault("is no file, and such a table is not read from its start to its end");
        byte[] head = new byte[Math.Min(stream.Length, ForeignContent.HeadLength)];
        stream.Position = 0;
        stream.ReadExactly(head);
        return head;
    }

    // What it is, where it is known and does not begin as it should.
    private static string? WhatElse(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
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
