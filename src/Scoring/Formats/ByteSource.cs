using System.IO.Hashing;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Formats;

/// <summary>A stream read through one fixed buffer, its byte order mark skipped.</summary>
internal sealed class ByteSource : IDisposable
{
    private readonly Stream stream;
    private readonly XxHash128? digest;
    private readonly byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool ended;

    /// <summary>Takes over the stream and looks at its first bytes.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="name">What the user calls it.</param>
    /// <param name="digest">Takes in every byte when it is taken from here.</param>
    /// <exception cref="GauFormatException">They are those of a compressed, columnar or UTF-16 file.</exception>
    public ByteSource(Stream stream, string name, XxHash128? digest = null)
    {
        this.stream = stream;
        this.digest = digest;
        while (end < 4 && !ended)
            ReadMore();
        ReadOnlySpan<byte> head = Available;
        string? kind = head switch
        {
            [0x1f, 0x8b, ..] => "gzip",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "Zstandard",
            [0x50, 0x4b, 3, 4, ..] => "zip",
            [0x50, 0x41, 0x52, 0x31, ..] => "Parquet",
            [0xff, 0xfe, ..] or [0xfe, 0xff, ..] => "UTF-16",
            _ => null,
        };
        if (kind is not null)
            throw new GauFormatException(name, "byte 0", $"these are {kind} data; records are read as UTF-8 text");
        if (head is [0xef, 0xbb, 0xbf, ..])
            Advance(3);
    }

    /// <summary>Offset of the first byte of <see cref="Available"/> in the stream.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes read and not yet taken; empty before <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Available => buffer.AsSpan(start, end - start);

    /// <summary>Sees to it that at least one byte is available.</summary>
    /// <returns>False at the end of the stream.</returns>
    public bool Fill()
    {
        while (start == end && !ended)
        {
            start = end = 0;
            ReadMore();
        }
        return start < end;
    }

    /// <summary>Takes the first <paramref name="count"/> available bytes.</summary>
    public void Advance(int count)
    {
        digest?.Append(buffer.AsSpan(start, count));
        start += count;
        Position += count;
    }

    public void Dispose() => stream.Dispose();

    private void ReadMore()
    {
        int read = stream.Read(buffer.AsSpan(end));
        end += read;
        ended = read == 0;
    }
}
