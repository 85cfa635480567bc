using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records.Compressed;

/// <summary>The content of compressed data, read from the start to the end.</summary>
/// <remarks>
/// Everything that can be decompressed before a fault is given out before the fault is thrown. Memory does not depend
/// on the size of the content, which would still keep a run busy for ever: content that outgrows its data by more than
/// <see cref="MostRatio"/> is refused.
/// </remarks>
/// <param name="input">The compressed data; disposed with the stream.</param>
/// <param name="name">What the user calls the input.</param>
internal abstract class DecompressedStream(StreamBuffer input, string name) : ForwardStream
{
    private const int MostRatio = 1000;
    private const long UncheckedBytes = 64 << 20;

    // What a decoder gives at once: what it has made before it meets a fault is lost, and no more than this.
    private const int Piece = 4096;

    private long written;

    /// <summary>The compressed data.</summary>
    protected StreamBuffer Input { get; } = input;

    /// <summary>Opens compressed data.</summary>
    /// <param name="compression">gzip or Zstandard.</param>
    /// <param name="input">The data; disposed with the stream.</param>
    /// <param name="name">What the user calls the input.</param>
    /// <param name="isFile">Whether the data could be looked at before, see <see cref="ZstandardInput"/>.</param>
    public static DecompressedStream Open(Compression compression, StreamBuffer input, string name, bool isFile) =>
        compression == Compression.Gzip ? new GzipInput(input, name) : new ZstandardInput(input, name, isFile);

    public sealed override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int count = Decode(buffer[..Math.Min(buffer.Length, Piece)]);
        written += count;
        if (written > UncheckedBytes && written / MostRatio > Input.Position)
            throw Malformed(
                $"decompressed to more than {MostRatio} times its size: {written} bytes out of {Input.Position}; "
                + "decompress it yourself if it is to be read");
        return count;
    }

    /// <summary>Decompresses at least a byte, if one is left.</summary>
    /// <returns>How many; 0 only at the end.</returns>
    protected abstract int Decode(Span<byte> output);

    /// <summary>What is wrong where the data are being read.</summary>
    protected GauFormatException Malformed(string reason, Exception? inner = null) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"byte {Input.Position}"), reason, inner);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
        base.Dispose(disposing);
    }
}
