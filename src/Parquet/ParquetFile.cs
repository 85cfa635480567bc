using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>A Parquet file whose footer has been read; its data are read piece by piece.</summary>
/// <remarks>
/// Why a reader of our own: Parquet.Net 6.1 does not read all that Arrow writes (version 2 pages of truth values, of
/// lists, of times as differences), takes a column of a row group at once, where this holds one page of it, and makes
/// strings of texts, where a rejected record keeps its bytes.
/// </remarks>
internal sealed class ParquetFile : IDisposable
{
    /// <summary>A longer footer is refused, in bytes; those of usual files have some thousands.</summary>
    private const int LongestFooter = 128 << 20;

    private const int TailLength = 8;

    private readonly Stream stream;

    private ParquetFile(Stream stream, ParquetFooter footer)
    {
        this.stream = stream;
        Footer = footer;
        Length = stream.Length;
    }

    public ParquetFooter Footer { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Takes over a stream and reads its footer.</summary>
    /// <param name="stream">A stream that can seek; disposed with the file, if there is one.</param>
    /// <exception cref="TableFault">It is no Parquet file.</exception>
    public static ParquetFile Open(Stream stream)
    {
        long length = stream.Length;
        if (length == 0)
            throw new TableFault(
                "no Parquet file, which is never empty: this has 0 bytes, as if its writing had failed");
        if (length < 4 + TailLength)
            throw new TableFault("no Parquet file: too short");
        Span<byte> tail = stackalloc byte[TailLength];
        Read(stream, 0, tail[..4]);
        bool begins = tail[..4].SequenceEqual("PAR1"u8);
        Read(stream, length - TailLength, tail);
        if (tail[4..].SequenceEqual("PARE"u8))
            throw new TableFault("encrypted");
        if (!begins || !tail[4..].SequenceEqual("PAR1"u8))
            throw new TableFault("no Parquet file, or only a part of one: it does not begin and end with PAR1");
        uint footerLength = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (footerLength > length - 4 - TailLength || footerLength > LongestFooter)
            throw new TableFault($"a footer of {footerLength} bytes, which is more than there can be");
        byte[] footer = new byte[footerLength];
        long start = length - TailLength - footerLength;
        Read(stream, start, footer);
        return new ParquetFile(stream, ParquetFooter.Read(footer, start));
    }

    /// <summary>Reads bytes from any place.</summary>
    public void Read(long offset, Span<byte> bytes) => Read(stream, offset, bytes);

    public void Dispose() => stream.Dispose();

    private static void Read(Stream stream, long offset, Span<byte> bytes)
    {
        stream.Position = offset;
        stream.ReadExactly(bytes);
    }
}
