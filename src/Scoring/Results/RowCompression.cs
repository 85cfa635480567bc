using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using GauRuntime.Scoring.Records;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace GauRuntime.Scoring.Results;

/// <summary>Compresses rows into members of gzip or frames of Zstandard.</summary>
/// <remarks>
/// What <see cref="Append"/> writes is complete: a file may end after it and may go on with more of its kind. The same
/// rows give the same bytes, every time and whatever came before; time and names are left out of a member.
/// </remarks>
internal sealed class RowCompression : IDisposable
{
    private const int ZstandardLevel = 3;

    private static readonly byte[] GzipHeader = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];   // 255: whatever the system
    private static readonly byte[] EmptyDeflate = [3, 0];

    private readonly Compression compression;
    private readonly Compressor? zstandard;

    public RowCompression(Compression compression)
    {
        this.compression = compression;
        if (compression != Compression.Zstandard)
            return;
        zstandard = new Compressor(ZstandardLevel);
        zstandard.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    /// <summary>Compresses rows as one member or frame, or copies them where there is no compression.</summary>
    public void Append(ReadOnlySpan<byte> rows, IBufferWriter<byte> output)
    {
        switch (compression)
        {
            case Compression.Gzip:
                AppendMember(rows, output);
                break;
            case Compression.Zstandard:
                AppendFrame(rows, output);
                break;
            default:
                output.Write(rows);
                break;
        }
    }

    public void Dispose() => zstandard?.Dispose();

    private static void AppendMember(ReadOnlySpan<byte> rows, IBufferWriter<byte> output)
    {
        output.Write(GzipHeader);
        using MemoryStream deflated = new();
        using (DeflateStream deflate = new(deflated, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(rows);
        // Without a byte to compress a DeflateStream writes nothing at all.
        output.Write(rows.IsEmpty ? EmptyDeflate : deflated.GetBuffer().AsSpan(0, (int)deflated.Length));
        Span<byte> trailer = output.GetSpan(8);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.HashToUInt32(rows));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)rows.Length);
        output.Advance(8);
    }

    private void AppendFrame(ReadOnlySpan<byte> rows, IBufferWriter<byte> output)
    {
        Span<byte> frame = output.GetSpan(Compressor.GetCompressBound(rows.Length));
        output.Advance(zstandard!.Wrap(rows, frame));
    }
}
