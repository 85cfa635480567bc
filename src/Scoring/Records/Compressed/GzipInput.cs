using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace GauRuntime.Scoring.Records.Compressed;

/// <summary>gzip: members, one after the other.</summary>
/// <remarks>
/// GZipStream takes data that end too early for complete, and what follows them for nothing. So the members are taken
/// apart here, and only their deflate data go to the base library. That does not tell where they end within the chunk
/// it was given last; the trailer does, whose eight bytes are known by then.
/// </remarks>
internal sealed class GzipInput(StreamBuffer input, string name) : DecompressedStream(input, name)
{
    private const int TrailerLength = 8;

    private readonly Crc32 checksum = new();
    private uint length;
    private DeflateFeed? feed;
    private DeflateStream? member;

    protected override int Decode(Span<byte> output)
    {
        while (true)
        {
            if (member is null)
            {
                if (!Input.Fill())
                    return 0;
                Begin();
            }
            int count = Inflate(output);
            if (count > 0)
            {
                checksum.Append(output[..count]);
                length += (uint)count;
                return count;
            }
            End();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            member?.Dispose();
        base.Dispose(disposing);
    }

    private void Begin()
    {
        if (GzipHeader.Skip(Input) is { } error)
            throw Malformed(error);
        feed = new DeflateFeed(Input);
        member = new DeflateStream(feed, CompressionMode.Decompress, leaveOpen: true);
        checksum.Reset();
        length = 0;
    }

    private int Inflate(Span<byte> output)
    {
        try
        {
            return member!.Read(output);
        }
        catch (InvalidDataException e)
        {
            throw Malformed("the gzip data are corrupt", e);
        }
    }

    private void End()
    {
        if (feed!.Ended)
            throw Malformed("the gzip data end in the middle of a member");
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        int chunk = feed.ChunkLength;
        bool complete = Input.Fill(chunk + TrailerLength + 2);
        ReadOnlySpan<byte> rest = Input.Available;
        for (int at = 0; at <= chunk && at + TrailerLength <= rest.Length; at++)
        {
            ReadOnlySpan<byte> after = rest[(at + TrailerLength)..];
            // The second condition matters for an empty member: its deflate data may end in zeros, as the trailer does.
            if (rest.Slice(at, TrailerLength).SequenceEqual(trailer) && after is [] or [0x1f] or [0x1f, 0x8b, ..])
            {
                Input.Advance(at + TrailerLength);
                member!.Dispose();
                member = null;
                return;
            }
        }
        throw Malformed(complete
            ? "the checksum of the gzip member is wrong, or something else follows it"
            : "the gzip data end before the checksum of their member, or it is wrong, or something else follows");
    }
}
