using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using ZstdSharp;

namespace GauRuntime.Parquet;

/// <summary>
/// Writes a Parquet file: row group by row group, a column chunk being one page of PLAIN values, compressed with
/// Zstandard. The same rows give the same bytes.
/// </summary>
internal sealed class ParquetWriter : IDisposable
{
    private const int CompressionLevel = 3;

    private readonly Stream output;
    private readonly IReadOnlyList<WrittenColumn> columns;
    private readonly Compressor compressor = new(CompressionLevel);
    private readonly ArrayBufferWriter<byte> page = new();
    private readonly ArrayBufferWriter<byte> header = new();
    private readonly List<WrittenGroup> groups = [];
    private byte[] compressed = [];
    private long position;

    /// <summary>Begins a file.</summary>
    public ParquetWriter(Stream output, IReadOnlyList<WrittenColumn> columns)
    {
        this.output = output;
        this.columns = columns;
        Write("PAR1"u8);
    }

    /// <summary>Writes the rows that the buffers hold, and empties them.</summary>
    /// <param name="rows">How many there are.</param>
    /// <param name="buffers">One for each column.</param>
    /// <param name="notes">A name and a text to go with a column, by its index.</param>
    public void WriteGroup(
        int rows, IReadOnlyList<ColumnBuffer> buffers, IReadOnlyDictionary<int, (string Name, string Text)> notes)
    {
        List<WrittenChunk> chunks = [];
        for (int i = 0; i < buffers.Count; i++)
            chunks.Add(WriteChunk(buffers[i]) with { Note = notes.TryGetValue(i, out var note) ? note : null });
        groups.Add(new WrittenGroup(rows, chunks));
    }

    /// <summary>Ends the file; the stream is not closed.</summary>
    /// <param name="notes">Names and texts for the footer.</param>
    public void End(IReadOnlyList<(string Name, string Text)> notes)
    {
        header.ResetWrittenCount();
        FooterWriter.Write(new ThriftWriter(header), columns, groups, notes);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, header.WrittenCount);
        Write(header.WrittenSpan);
        Write(length);
        Write("PAR1"u8);
        output.Flush();
    }

    public void Dispose() => compressor.Dispose();

    private WrittenChunk WriteChunk(ColumnBuffer buffer)
    {
        int values = buffer.Count;
        page.ResetWrittenCount();
        buffer.Flush(page);
        int bound = Compressor.GetCompressBound(page.WrittenCount);
        if (compressed.Length < bound)
            compressed = new byte[bound];
        ReadOnlySpan<byte> stored = compressed.AsSpan(0, compressor.Wrap(page.WrittenSpan, compressed));
        header.ResetWrittenCount();
        WriteHeader(new ThriftWriter(header), values, stored);
        long start = position;
        Write(header.WrittenSpan);
        Write(stored);
        return new WrittenChunk(
            buffer.Column, values, start, header.WrittenCount + page.WrittenCount, header.WrittenCount + stored.Length);
    }

    private void WriteHeader(ThriftWriter thrift, int values, ReadOnlySpan<byte> stored)
    {
        thrift.Begin();
        thrift.Int32(1, (int)PageKind.Data);
        thrift.Int32(2, page.WrittenCount);
        thrift.Int32(3, stored.Length);
        thrift.Int32(4, (int)Crc32.HashToUInt32(stored));
        thrift.Begin(5);
        thrift.Int32(1, values);
        thrift.Int32(2, (int)PageEncoding.Plain);
        thrift.Int32(3, (int)PageEncoding.Runs);
        thrift.Int32(4, (int)PageEncoding.Runs);
        thrift.End();
        thrift.End();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        position += bytes.Length;
    }
}
