using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// The digest of everything read of several inputs, in blocks, so that it can be gone on with from where a block ends.
/// </summary>
/// <remarks>
/// A block is 64 MiB of an input, the last one less, with the input's length behind it. The first block's digest is the
/// XxHash128 of its bytes; where others have ended before, the digest is the XxHash128 of theirs, 16 bytes, and of the
/// block's own. Up to the end of a first block it is the XxHash128 of the bytes, as of any file.
/// </remarks>
/// <param name="blockLength">Bytes of a block.</param>
internal sealed class InputDigest(long blockLength = InputDigest.UsualBlock)
{
    /// <summary>Bytes of a block, but in tests: 64 MiB.</summary>
    public const long UsualBlock = 64 << 20;

    private readonly XxHash128 block = new();
    private UInt128? ended;         // of all blocks that have ended
    private UInt128? endedBefore;   // the same where the input began
    private long filled;            // bytes of the block
    private int blocks;             // of this input that have ended
    private bool isBegun;
    private IReadOnlyList<UInt128>? expected;
    private string input = "";

    /// <summary>Bytes of a block.</summary>
    public long BlockLength => blockLength;

    /// <summary>Takes the digest of every block that ends; null: nobody asks.</summary>
    public List<UInt128>? Blocks { get; init; }

    /// <summary>That of everything so far.</summary>
    public UInt128 Current => isBegun || ended is null ? Joined(ended, block.GetCurrentHashAsUInt128()) : ended.Value;

    /// <summary>Begins an input.</summary>
    /// <param name="name">What the user calls it.</param>
    /// <param name="blocks">The digests that its blocks must have, or null.</param>
    public void Begin(string name, IReadOnlyList<UInt128>? blocks)
    {
        if (isBegun)
            ended = Current;
        (isBegun, endedBefore, input, expected) = (true, ended, name, blocks);
        Clear(0);
    }

    /// <summary>Takes in bytes of the input.</summary>
    /// <exception cref="ScoringException">They are not those that were expected.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= blockLength - filled)
        {
            int rest = (int)(blockLength - filled);
            block.Append(bytes[..rest]);
            bytes = bytes[rest..];
            UInt128 digest = block.GetCurrentHashAsUInt128();
            Require(digest);
            ended = Joined(ended, digest);
            Clear(blocks + 1);
        }
        block.Append(bytes);
        filled += bytes.Length;
    }

    /// <summary>Takes in what comes of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="count">At most so many bytes.</param>
    /// <param name="cancel">Ends it.</param>
    /// <inheritdoc cref="Append(ReadOnlySpan{byte})" path="/exception"/>
    public void Append(Stream stream, long count, CancellationToken cancel)
    {
        byte[] buffer = new byte[1 << 16];
        for (int read; count > 0 && (read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, count))) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            Append(buffer.AsSpan(0, read));
            count -= read;
        }
    }

    /// <summary>Ends the input.</summary>
    /// <param name="length">Its bytes.</param>
    /// <inheritdoc cref="Append(ReadOnlySpan{byte})" path="/exception"/>
    public void End(long length)
    {
        AppendLength(block, length);
        Require(block.GetCurrentHashAsUInt128());
    }

    /// <summary>Appends what stands behind the bytes of an input's last block.</summary>
    /// <param name="block">The digest of the block.</param>
    /// <param name="length">Bytes of the input.</param>
    public static void AppendLength(XxHash128 block, long length)
    {
        Span<byte> end = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(end, length);
        block.Append(end);
    }

    /// <summary>Goes to the beginning of a block of the input, whose blocks are known.</summary>
    public void GoTo(int number)
    {
        ended = endedBefore;
        for (int i = 0; i < number; i++)
            ended = Joined(ended, expected![i]);
        Clear(number);
    }

    /// <summary>Goes to the end of the input, whose blocks are known.</summary>
    public void GoToEnd()
    {
        GoTo(expected!.Count);
        isBegun = false;   // nothing is left of its last block
    }

    private static UInt128 Joined(UInt128? before, UInt128 digest)
    {
        if (before is not { } earlier)
            return digest;
        Span<byte> both = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(both, earlier);
        BinaryPrimitives.WriteUInt128LittleEndian(both[16..], digest);
        return XxHash128.HashToUInt128(both);
    }

    private void Clear(int number)
    {
        block.Reset();
        (filled, blocks) = (0, number);
    }

    private void Require(UInt128 digest)
    {
        Blocks?.Add(digest);
        if (expected is null || blocks < expected.Count && expected[blocks] == digest)
            return;
        throw new ScoringException(
            ScoringFault.Mismatch,
            string.Create(
                CultureInfo.InvariantCulture,
                $"is not what was indexed: its bytes from {blocks * blockLength} on are others; 'gau index' makes "
                + $"another index, and --force starts over"),
            input);
    }
}
