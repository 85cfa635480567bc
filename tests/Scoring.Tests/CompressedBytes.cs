using System.IO.Compression;
using System.Text;
using GauRuntime.Scoring.Records;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace GauRuntime.Scoring.Tests;

/// <summary>Makes compressed data with the libraries' own means.</summary>
internal static class CompressedBytes
{
    public static byte[] Of(Compression compression, string text) => Of(compression, Encoding.UTF8.GetBytes(text));

    public static byte[] Of(Compression compression, byte[] content) => compression switch
    {
        Compression.Gzip => Gzip(content, CompressionLevel.Optimal),
        Compression.Zstandard => Zstandard(content),
        _ => content,
    };

    public static byte[] Gzip(byte[] content, CompressionLevel level)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, level))
            gzip.Write(content);
        return stream.ToArray();
    }

    public static byte[] Zstandard(byte[] content, int? windowLog = null)
    {
        using MemoryStream stream = new();
        using (CompressionStream zstandard = new(stream, level: 3))
        {
            zstandard.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            if (windowLog is { } log)
                zstandard.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, log);
            zstandard.Write(content);
        }
        return stream.ToArray();
    }
}
