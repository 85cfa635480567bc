using System.Buffers.Binary;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>Where the messages of an Arrow file stand: one with a footer (Feather 2), or a stream.</summary>
/// <remarks>
/// Why a reader of our own: Apache.Arrow 23 believes what the metadata claim. It allocates what a batch says it has,
/// goes as deep as the schema does, and reads all columns of a batch, where this reads those that are asked for.
/// </remarks>
internal sealed class ArrowFile
{
    private const int BlockSize = 24;

    private readonly List<(long Start, long Id)> dictionaries = [];
    private readonly List<(long Start, long Rows, int Dictionaries)> batches = [];

    private ArrowFile(Stream stream)
    {
        Stream = stream;
        End = stream.Length;
        Schema = null!;
    }

    /// <summary>The file.</summary>
    public Stream Stream { get; }

    /// <summary>Where its messages end.</summary>
    public long End { get; private set; }

    public ArrowSchema Schema { get; private set; }

    /// <summary>Where the messages of dictionaries begin, in order, and which each is.</summary>
    public IReadOnlyList<(long Start, long Id)> Dictionaries => dictionaries;

    /// <summary>Where record batches begin, their rows, and how many dictionaries must have been read before.</summary>
    public IReadOnlyList<(long Start, long Rows, int Dictionaries)> Batches => batches;

    /// <summary>Whether it is a stream that does not say that it ends.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>What files with a footer begin and end with.</summary>
    public static ReadOnlySpan<byte> Magic => "ARROW1"u8;

    /// <summary>Whether a file begins as one with a footer or a stream does.</summary>
    public static bool IsIn(ReadOnlySpan<byte> head) =>
        head.StartsWith(Magic) || head is [0xff, 0xff, 0xff, 0xff, _, _, _, 0, ..];

    /// <summary>Finds the messages; the stream must be able to seek.</summary>
    /// <exception cref="TableFault">It is no Arrow file.</exception>
    public static ArrowFile Open(Stream stream)
    {
        if (stream.Length == 0)
            throw new TableFault(
                "no Arrow file, which is never empty: this has 0 bytes, as if its writing had failed");
        ArrowFile file = new(stream);
        Span<byte> head = stackalloc byte[Magic.Length];
        stream.Position = 0;
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (head[..length].SequenceEqual(Magic))
            file.ReadFooter();
        else
            file.ReadStream();
        return file;
    }

    // The footer says where all messages are; those of dictionaries may stand behind batches that need them.
    private void ReadFooter()
    {
        const int TailLength = 10;
        Span<byte> tail = stackalloc byte[TailLength];
        if (End < Magic.Length + TailLength)
            throw new TableFault("no Arrow file: too short");
        Stream.Position = End - TailLength;
        Stream.ReadExactly(tail);
        if (!tail[4..].SequenceEqual(Magic))
            throw new TableFault("only a part of an Arrow file: it begins with ARROW1, but does not end so");
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > End - TailLength - Magic.Length || length > 1 << 30)
            throw new TableFault($"a footer of {(uint)length} bytes, which is more than there can be");
        End -= TailLength + length;
        byte[] bytes = new byte[length];
        Stream.Position = End;
        Stream.ReadExactly(bytes);
        FlatTable footer = FlatTable.Root(bytes);
        Schema = new ArrowSchema(footer.Table(1) ?? throw new TableFault("a footer without a schema"));
        foreach ((ArrowMessage message, long start) in Blocks(footer.Vector(2, BlockSize)))
            Add(message, start, ArrowMessageKind.DictionaryBatch);
        foreach ((ArrowMessage message, long start) in Blocks(footer.Vector(3, BlockSize)))
            Add(message, start, ArrowMessageKind.RecordBatch);
    }

    private IEnumerable<(ArrowMessage Message, long Start)> Blocks(FlatVector blocks)
    {
        long total = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            long start = blocks.Int64(i);
            ArrowMessage message =
                ArrowMessage.Read(Stream, start, End) ?? throw new TableFault("a block without a message");
            total += message.End - start;
            if (total > End)
                throw new TableFault("a footer that names the same blocks again and again");
            yield return (message, start);
        }
    }

    private void ReadStream()
    {
        long start = 0;
        if (ArrowMessage.Read(Stream, start, End) is not { Kind: ArrowMessageKind.Schema } first)
            throw new TableFault("no Arrow file: it does not begin with a schema");
        Schema = new ArrowSchema(first.Header);
        for (start = first.End; start < End;)
        {
            if (ArrowMessage.Read(Stream, start, End) is not { } message)
            {
                RequireNothingBehind(start);
                return;
            }
            Add(message, start, message.Kind);
            start = message.End;
        }
        IsOpen = true;
    }

    // But for the mark itself and some padding.
    private void RequireNothingBehind(long mark)
    {
        const int MarkLength = 8, Padding = 64;
        if (End - mark > MarkLength + Padding)
            throw new TableFault(
                $"{End - mark - MarkLength} bytes behind the end of the stream: each stream needs a file of its own");
    }

    private void Add(ArrowMessage message, long start, ArrowMessageKind kind)
    {
        if (message.Kind != kind || kind is not (ArrowMessageKind.DictionaryBatch or ArrowMessageKind.RecordBatch))
            throw new TableFault($"a message of kind {(int)message.Kind}, which cannot be there");
        if (kind == ArrowMessageKind.DictionaryBatch)
        {
            dictionaries.Add((start, message.Header.Int64(0)));
            return;
        }
        // What takes no bytes is not worth a row, and few bytes can be many only where they are compressed.
        long rows = message.Header.Int64(0), most = ArrowBatch.Codec(message.Header) is null ? 8 : 1 << 16;
        if (rows < 0 || rows / most > message.BodyLength)
            throw new TableFault($"a record batch of {message.BodyLength} bytes claims {rows} rows");
        batches.Add((start, rows, dictionaries.Count));
    }
}
