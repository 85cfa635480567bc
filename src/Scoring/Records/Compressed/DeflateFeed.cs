namespace GauRuntime.Scoring.Records.Compressed;

/// <summary>Hands compressed bytes to a DeflateStream, chunk by chunk, and keeps the last chunk available.</summary>
internal sealed class DeflateFeed(StreamBuffer input) : ForwardStream
{
    private const int LongestChunk = 8192;

    /// <summary>How many of the input's available bytes make the chunk that was handed out last.</summary>
    public int ChunkLength { get; private set; }

    /// <summary>Whether more was asked for than there was.</summary>
    public bool Ended { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        input.Advance(ChunkLength);
        Ended = !input.Fill();
        ChunkLength = Math.Min(Math.Min(buffer.Length, LongestChunk), input.Available.Length);
        input.Available[..ChunkLength].CopyTo(buffer);
        return ChunkLength;
    }
}
