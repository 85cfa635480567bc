using System.Buffers.Binary;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>Writes an Arrow file (Feather 2), not compressed. The same rows give the same bytes.</summary>
internal sealed class ArrowWriter
{
    private const int Alignment = 8;
    private const int PrefixLength = 8;

    private readonly Stream output;
    private readonly IReadOnlyList<WrittenColumn> columns;
    private readonly IReadOnlyList<(string Name, string Text)> notes;
    private readonly List<(long Start, int Metadata, long Body)> blocks = [];
    private long position;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="notes">Names and texts to go with them.</param>
    public ArrowWriter(
        Stream output, IReadOnlyList<WrittenColumn> columns, IReadOnlyList<(string Name, string Text)> notes)
    {
        (this.output, this.columns, this.notes) = (output, columns, notes);
        Write(ArrowFile.Magic);
        Pad();
        (FlatBuilder message, int header) = ArrowWriting.Message(ArrowMessageKind.Schema, 0, null);
        ArrowWriting.Schema(message, header, columns, notes);
        WriteMetadata(message);
    }

    /// <summary>Writes the rows that the buffers hold, and empties them.</summary>
    /// <param name="rows">How many there are.</param>
    /// <param name="buffers">One for each column.</param>
    /// <param name="note">A name and a text to go with them, or null.</param>
    public void WriteBatch(int rows, IReadOnlyList<ArrowColumnBuffer> buffers, (string Name, string Text)? note)
    {
        ReadOnlyMemory<byte>[] data = [.. buffers.SelectMany(buffer => buffer.Buffers)];
        List<(long Start, long Length)> places = [];
        long body = 0;
        foreach (ReadOnlyMemory<byte> part in data)
        {
            places.Add((body, part.Length));
            body += (part.Length + Alignment - 1) / Alignment * Alignment;
        }
        (FlatBuilder message, int header) = ArrowWriting.Message(ArrowMessageKind.RecordBatch, body, note);
        ArrowWriting.Batch(message, header, rows, [.. buffers.SelectMany(buffer => buffer.Nodes)], places);
        long start = position;
        WriteMetadata(message);
        blocks.Add((start, (int)(position - start), body));
        foreach (ReadOnlyMemory<byte> part in data)
        {
            Write(part.Span);
            Pad();
        }
        foreach (ArrowColumnBuffer buffer in buffers)
            buffer.Clear();
    }

    /// <summary>Ends the file; the stream is not closed.</summary>
    public void End()
    {
        Span<byte> word = stackalloc byte[PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(word, uint.MaxValue);   // no more messages
        Write(word);
        FlatBuilder footer = ArrowWriting.Footer(columns, notes, blocks);
        Write(footer.Written);
        BinaryPrimitives.WriteInt32LittleEndian(word, footer.Length);
        Write(word[..4]);
        Write(ArrowFile.Magic);
        output.Flush();
    }

    private void WriteMetadata(FlatBuilder message)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        prefix[..4].Fill(0xff);
        int length = (message.Length + Alignment - 1) / Alignment * Alignment;
        BinaryPrimitives.WriteInt32LittleEndian(prefix[4..], length);
        Write(prefix);
        Write(message.Written);
        Pad();
    }

    private void Pad()
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0, 0, 0, 0, 0];
        Write(zeros[..(int)((Alignment - position % Alignment) % Alignment)]);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        position += bytes.Length;
    }
}
