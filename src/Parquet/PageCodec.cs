using System.Buffers;
using System.IO.Compression;
using GauRuntime.Weights.Files;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace GauRuntime.Parquet;

/// <summary>Decompresses pages.</summary>
internal static class PageCodec
{
    // Data that make no more than this are believed without a look: they are decompressed, and have to.
    private const int UsualBytes = 1 << 20, UsualRatio = 64;
    private const int Lz4Ratio = 255;   // no byte of a block makes more
    private const int LargestWindow = 28;   // of Zstandard, as a power of 2: that of the largest page

    /// <summary>Throws where data do not make as much as they are claimed to, before that is allocated.</summary>
    /// <param name="compression">How they are compressed.</param>
    /// <param name="stored">The page as it is stored.</param>
    /// <param name="offset">Where the compressed part begins.</param>
    /// <param name="length">What it is claimed to make, in bytes.</param>
    /// <exception cref="TableFault">They do not, or are malformed.</exception>
    public static void RequireContent(PageCompression compression, byte[] stored, int offset, long length)
    {
        long source = stored.Length - offset;
        if (length <= UsualBytes + UsualRatio * source)
            return;
        MemoryStream data = new(stored, offset, stored.Length - offset);
        bool makes = compression switch
        {
            PageCompression.Lz4 => length <= Lz4Ratio * source,
            PageCompression.Gzip => Makes(new GZipStream(data, CompressionMode.Decompress), length),
            PageCompression.Brotli => Unbrotli(stored.AsSpan(offset), length),
            PageCompression.Zstandard => Makes(Unzstandard(data), length),
            _ => false,   // Snappy's bytes make 22 at most
        };
        if (!makes)
            throw Corrupt(compression, length);
    }

    /// <summary>Why pages that are compressed so cannot be read, and what to do; null where they can.</summary>
    public static string? WhyUnread(PageCompression compression) => compression switch
    {
        _ when Enum.IsDefined(compression) => null,
        (PageCompression)3 => "is compressed with LZO, which is not read: write it again with Snappy or Zstandard",
        (PageCompression)5 => "is compressed with LZ4 as Hadoop writes it, which is not read: write it again as "
            + "LZ4_RAW, Snappy or Zstandard",
        _ => $"has compression {(int)compression}, which is not known: write it again with Snappy or Zstandard",
    };

    /// <summary>Decompresses a page.</summary>
    /// <param name="compression">How it is compressed.</param>
    /// <param name="stored">The page as it is stored.</param>
    /// <param name="offset">Where the compressed part begins.</param>
    /// <param name="output">Exactly as long as the content is claimed to be.</param>
    /// <exception cref="TableFault">It is not, or the data are malformed.</exception>
    public static void Decompress(PageCompression compression, byte[] stored, int offset, Span<byte> output)
    {
        ReadOnlySpan<byte> source = stored.AsSpan(offset);
        bool decompressed = compression switch
        {
            PageCompression.None => Copy(source, output),
            PageCompression.Snappy => Snappy.Decompress(source, output),
            PageCompression.Gzip => Gunzip(new MemoryStream(stored, offset, stored.Length - offset), output),
            PageCompression.Brotli =>
                BrotliDecoder.TryDecompress(source, output, out int written) && written == output.Length,
            PageCompression.Zstandard => Unzstandard(source, output),
            PageCompression.Lz4 => Lz4Block.Decompress(source, output),
            _ => throw new TableFault($"pages with compression {(int)compression} cannot be read"),
        };
        if (!decompressed)
            throw Corrupt(compression, output.Length);
    }

    private static TableFault Corrupt(PageCompression compression, long length) =>
        new($"a page is corrupt: its {compression} data do not make {length} bytes");

    private static bool Makes(Stream content, long length)
    {
        byte[] part = new byte[1 << 16];
        long made = 0;
        try
        {
            using (content)
            {
                for (int read; (read = content.Read(part)) > 0 && made <= length;)
                    made += read;
            }
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or IOException)
        {
            return false;
        }
        return made == length;
    }

    // Not BrotliStream: that brings the compressor along, half a megabyte of a native file.
    private static bool Unbrotli(ReadOnlySpan<byte> source, long length)
    {
        byte[] part = new byte[1 << 16];
        BrotliDecoder decoder = default;
        OperationStatus status;
        long made = 0;
        try
        {
            do
            {
                status = decoder.Decompress(source, part, out int consumed, out int written);
                source = source[consumed..];
                made += written;
            }
            while (status == OperationStatus.DestinationTooSmall && made <= length);
        }
        finally
        {
            decoder.Dispose();
        }
        return status == OperationStatus.Done && made == length;
    }

    private static DecompressionStream Unzstandard(Stream data)
    {
        DecompressionStream stream = new(data);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindow);
        return stream;
    }

    private static bool Copy(ReadOnlySpan<byte> source, Span<byte> output)
    {
        if (source.Length != output.Length)
            return false;
        source.CopyTo(output);
        return true;
    }

    private static bool Gunzip(MemoryStream source, Span<byte> output)
    {
        try
        {
            using GZipStream gzip = new(source, CompressionMode.Decompress);
            return gzip.ReadAtLeast(output, output.Length, throwOnEndOfStream: false) == output.Length
                && gzip.ReadByte() < 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool Unzstandard(ReadOnlySpan<byte> source, Span<byte> output)
    {
        using Decompressor zstandard = new();
        try
        {
            return zstandard.Unwrap(source, output) == output.Length;
        }
        catch (ZstdException)
        {
            return false;
        }
    }
}
