using System.IO.Compression;
using GauRuntime.Weights.Files;
using ZstdSharp;

namespace GauRuntime.Parquet;

/// <summary>Decompresses pages.</summary>
internal static class PageCodec
{
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
            throw new TableFault($"a page is corrupt: its {compression} data do not make {output.Length} bytes");
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
