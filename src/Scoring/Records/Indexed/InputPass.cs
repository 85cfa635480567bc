using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using GauRuntime.Parquet;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>A pass over an input, for its index.</summary>
/// <remarks>
/// Blocks of text in UTF-8 are read on several threads. What has to be decompressed or decoded is read from its start,
/// by the readers that runs read it with, and so are arrays of JSON.
/// </remarks>
/// <param name="input">The input.</param>
/// <param name="fields">How it is read.</param>
/// <param name="blockLength">Bytes of a block.</param>
/// <param name="work">On how many threads.</param>
/// <param name="read">Is told how many bytes more were read; from any thread.</param>
internal sealed class InputPass(
    InputFile input, RecordFields fields, long blockLength, ParallelOptions work, Action<long>? read)
{
    private const int PartLength = 1 << 18;   // stays in the cache between digest and scan

    private readonly long size = input.Stamp?.Length ?? input.Length ?? 0;

    /// <summary>Whether text in UTF-8 is read in blocks too, and not only what needs no lines; tests compare.</summary>
    public bool InBlocks { get; init; } = true;

    /// <summary>Reads the input.</summary>
    /// <exception cref="GauFormatException">It cannot be split into records.</exception>
    /// <exception cref="ScoringException">It is no file.</exception>
    /// <exception cref="IOException">It cannot be read, or was changed since it was found.</exception>
    public IndexedInput Run()
    {
        if (RecordFormats.IsTable(input.Format))
            return OfTable();
        InputDigest digest = new(blockLength) { Blocks = [] };
        digest.Begin(input.Name, null);
        using ByteSource bytes = new(Open(), input.Name, input.Encoding ?? fields.Encoding);
        bytes.StartDigest(digest);
        LineStart start = LineStart.Find(input, bytes, fields);
        return InBlocks && bytes.Encoding == TextEncoding.Utf8 && !start.IsWhole
            ? OfBlocks(start)
            : OfRecords(bytes, start, digest);
    }

    private Stream Open()
    {
        Stream stream = input.Open();
        if (stream.CanSeek)
            return stream;
        stream.Dispose();
        throw new ScoringException(ScoringFault.Usage, "cannot be indexed: it is no file", input.Name);
    }

    private IndexedInput OfTable()
    {
        long records;
        using (Stream stream = Open())
        using (TableFile file = TableRecordReader.OpenFile(input.Name, input.Format, stream))
            records = file.Rows.Sum();
        return Result(IndexReading.Of(input.Format, TextEncoding.Utf8)) with
        {
            Records = records,
            LastPosition = size,
            Blocks = [.. ReadBlocks(null).Select(block => block.Digest)],
        };
    }

    private IndexedInput OfBlocks(LineStart start)
    {
        (UInt128 Digest, IReadOnlyList<LineWalk> Walks)[] blocks = ReadBlocks(start);
        IndexPlaces places = new(start, blockLength);
        foreach ((_, IReadOnlyList<LineWalk> walks) in blocks)
            places.Add(walks);
        places.End(size, input.Name);
        return Result(start.Reading) with
        {
            Records = places.Records,
            LastPosition = places.LastPosition,
            LongestBlank = places.LongestBlank,
            Blocks = [.. blocks.Select(block => block.Digest)],
            Places = places.All,
        };
    }

    private IndexedInput OfRecords(ByteSource bytes, LineStart start, InputDigest digest)
    {
        IndexPlaces places = new(start, blockLength);
        long told = 0;
        while (start.Next())
        {
            places.Add(bytes.Position, start.Lines);
            if (bytes.StoredPosition - told < blockLength)
                continue;
            read?.Invoke(bytes.StoredPosition - told);
            told = bytes.StoredPosition;
            work.CancellationToken.ThrowIfCancellationRequested();
        }
        read?.Invoke(size - told);
        digest.End(bytes.Position);
        return Result(start.Reading) with
        {
            ContentBytes = bytes.Position,
            Records = places.Records,
            LastPosition = start.IsWhole ? 0 : places.LastPosition,
            LongestBlank = start.LongestBlank,
            Blocks = digest.Blocks!,
            Places = start.IsWhole ? [] : places.All,
        };
    }

    private IndexedInput Result(IndexReading reading) => new()
    {
        Name = input.Name,
        Reading = reading,
        Size = size,
        Modified = input.Stamp?.Modified ?? 0,
        ContentBytes = size,
        Records = 0,
        LastPosition = 0,
        LongestBlank = 0,
        Blocks = [],
        Places = [],
    };

    // Where there is no start the bytes have no lines.
    private (UInt128 Digest, IReadOnlyList<LineWalk> Walks)[] ReadBlocks(LineStart? start)
    {
        var blocks = new (UInt128 Digest, IReadOnlyList<LineWalk> Walks)[size / blockLength + 1];
        LineRules? rules = start is null ? null : new LineRules(start.Reading);
        // One after the other, as disks like it.
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(0, blocks.Length), EnumerablePartitionerOptions.NoBuffering), work,
            i => blocks[i] = ReadBlock(i * blockLength, rules, start));
        return blocks;
    }

    private (UInt128 Digest, IReadOnlyList<LineWalk> Walks) ReadBlock(long from, LineRules? rules, LineStart? start)
    {
        long to = Math.Min(from + blockLength, size), at = from;
        // Before the first record nothing is looked for; from there on, what a record begins with is known.
        long first = start is null ? to : Math.Max(from, Math.Min(start.Offset, to));
        BlockScan? scan = first >= to ? null
            : new BlockScan(rules!, first == start!.Offset ? start.State : null, first);
        XxHash128 digest = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PartLength);
        try
        {
            using Stream stream = Open();
            stream.Position = from;
            while (at < to)
            {
                work.CancellationToken.ThrowIfCancellationRequested();
                int length = stream.Read(buffer.AsSpan(0, (int)Math.Min(PartLength, to - at)));
                if (length == 0)
                    throw new EndOfStreamException(string.Create(
                        CultureInfo.InvariantCulture, $"{input.Name}: ends at byte {at}, before its size"));
                ReadOnlySpan<byte> part = buffer.AsSpan(0, length);
                digest.Append(part);
                if (at + length > first)
                    scan?.Take(part[(int)Math.Max(0, first - at)..], Math.Max(at, first));
                at += length;
                read?.Invoke(length);
            }
            (stream as WatchedStream)?.RequireUnchanged();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (to - from < blockLength)
            InputDigest.AppendLength(digest, size);
        return (digest.GetCurrentHashAsUInt128(), scan?.End() ?? []);
    }
}
