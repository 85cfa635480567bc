using System.Buffers.Binary;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>The buffers of a record batch in a file; memory holds those that were asked for.</summary>
/// <param name="stream">The file.</param>
/// <param name="body">Where the batch's data begin, and how long they are.</param>
/// <param name="places">Where each buffer stands in them.</param>
/// <param name="codec">How they are compressed; null: not at all.</param>
internal sealed class ArrowBuffers(Stream stream, (long Start, long Length) body, FlatVector places, int? codec)
{
    /// <summary>Batches of which more is needed are refused, in bytes.</summary>
    public const long Most = 1L << 30;

    private const int Prefix = 8;   // of a buffer that may be compressed: its length, decompressed

    private long left = Most;

    /// <summary>Reads a buffer.</summary>
    /// <exception cref="TableFault">It is malformed, or too much has been asked for.</exception>
    public ReadOnlyMemory<byte> Read(int index)
    {
        (long start, long length) = Place(index);
        if (length == 0)
            return default;
        if (codec is null)
            return ReadAt(start, length);
        if (length < Prefix)
            throw new TableFault("its data are corrupt: a compressed buffer without its length");
        long content = ContentLength(start);
        if (content == 0)
            return default;   // whatever frame is written for nothing
        byte[] stored = ReadAt(start + Prefix, length - Prefix);
        if (content == -1)
            return stored;
        if (content < 0)
            throw new TableFault("its data are corrupt: a buffer of a negative length");
        Take(content);
        if (!Decompress(stored, content, out byte[] buffer))
            throw new TableFault($"its data are corrupt: a compressed buffer does not make {content} bytes");
        return buffer;
    }

    /// <summary>What a buffer takes of memory.</summary>
    /// <exception cref="TableFault">It does not lie in the batch.</exception>
    public long BytesOf(int index)
    {
        (long start, long length) = Place(index);
        if (codec is null || length < Prefix)
            return length;
        return length + Math.Clamp(ContentLength(start), 0, Most);
    }

    private bool Decompress(byte[] stored, long length, out byte[] buffer)
    {
        buffer = [];
        try
        {
            PageCodec.RequireContent(
                codec == 0 ? PageCompression.Lz4 : PageCompression.Zstandard, stored, 0, length);
            buffer = new byte[length];
            if (codec == 0)
                return Lz4Frame.Decompress(stored, buffer);
            PageCodec.Decompress(PageCompression.Zstandard, stored, 0, buffer);
            return true;
        }
        catch (TableFault)
        {
            return false;
        }
    }

    private (long Start, long Length) Place(int index)
    {
        long start = places.Int64(index), length = places.Int64(index, 8);
        return length <= 0 ? (0, 0)
            : start >= 0 && start <= body.Length && length <= body.Length - start ? (body.Start + start, length)
            : throw new TableFault("its data are corrupt: a buffer that does not lie in the record batch");
    }

    private long ContentLength(long start)
    {
        Span<byte> length = stackalloc byte[Prefix];
        stream.Position = start;
        stream.ReadExactly(length);
        return BinaryPrimitives.ReadInt64LittleEndian(length);
    }

    private byte[] ReadAt(long start, long length)
    {
        byte[] bytes = new byte[Take(length)];
        stream.Position = start;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private long Take(long length)
    {
        left -= Math.Min(length, Most + 1);
        return left >= 0 ? length : throw new TableFault(
            $"a record batch of which more than {Most >> 20} MiB would have to be held: write it in smaller ones "
            + "(max_chunksize of pyarrow, record_batch_size of polars)");
    }
}
