using System.Buffers.Binary;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>What a message of Arrow is.</summary>
internal enum ArrowMessageKind
{
    Schema = 1,
    DictionaryBatch = 2,
    RecordBatch = 3,
}

/// <summary>The head of a message in a file, with the numbers of Message.fbs of the format.</summary>
/// <param name="Version">Of the metadata.</param>
/// <param name="Kind">What the message is; of a kind that is not known, its number.</param>
/// <param name="Header">What is said of it.</param>
/// <param name="Body">Where its data begin.</param>
/// <param name="BodyLength">Bytes of its data.</param>
/// <param name="Notes">Names and texts that its writer gave it.</param>
internal sealed record ArrowMessage(
    int Version, ArrowMessageKind Kind, FlatTable Header, long Body, long BodyLength,
    IReadOnlyDictionary<string, string> Notes)
{
    private const int LongestMetadata = 64 << 20;   // bytes; those of usual messages have some hundreds

    /// <summary>Where the next message begins.</summary>
    public long End => Body + BodyLength;

    /// <summary>Reads a message.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it must end.</param>
    /// <returns>Null where it says that no more follow.</returns>
    /// <exception cref="TableFault">It is malformed.</exception>
    public static ArrowMessage? Read(Stream stream, long start, long end)
    {
        int length = Word(stream, ref start, end);
        if (length == -1)   // as since version 0.15
            length = Word(stream, ref start, end);
        if (length == 0)
            return null;
        if (length < 0 || length > LongestMetadata || length > end - start)
            throw new TableFault($"metadata of {(uint)length} bytes, which is more than there can be");
        byte[] bytes = new byte[length];
        stream.Position = start;
        stream.ReadExactly(bytes);
        FlatTable message = FlatTable.Root(bytes);
        long bodyLength = message.Int64(3), body = start + length;
        if (bodyLength < 0 || bodyLength > end - body)
            throw new TableFault($"data of {bodyLength} bytes, of which the file has {end - body}");
        long texts = ArrowSchema.MostTexts(length);
        return new ArrowMessage(
            message.Int16(0), (ArrowMessageKind)message.Byte(1),
            message.Table(2) ?? throw new TableFault("a message that says nothing"), body, bodyLength,
            ArrowSchema.ReadNotes(message.Tables(4), ref texts));
    }

    private static int Word(Stream stream, ref long start, long end)
    {
        Span<byte> word = stackalloc byte[4];
        if (start < 0 || start > end - word.Length)
            throw new TableFault("only a part of an Arrow file: it ends where more must follow");
        stream.Position = start;
        stream.ReadExactly(word);
        start += word.Length;
        return BinaryPrimitives.ReadInt32LittleEndian(word);
    }
}
