using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>A record batch, or the values of a dictionary; columns are read when they are asked for.</summary>
internal sealed class ArrowBatch
{
    private readonly FlatVector nodes;
    private readonly FlatVector places;
    private readonly FlatVector views;   // how many buffers views point into
    private readonly ArrowBuffers buffers;
    private readonly Slot[] slots;
    private int nextNode;
    private int nextBuffer;
    private int nextViews;

    /// <summary>Finds out where the columns are.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="message">What stands in front of the batch.</param>
    /// <param name="batch">What it says of the batch.</param>
    /// <param name="fields">The fields of its columns.</param>
    /// <exception cref="TableFault">It is malformed.</exception>
    public ArrowBatch(Stream stream, ArrowMessage message, FlatTable batch, IReadOnlyList<ArrowField> fields)
    {
        const int NodeSize = 16, BufferSize = 16, CountSize = 8;
        nodes = batch.Vector(1, NodeSize);
        places = batch.Vector(2, BufferSize);
        views = batch.Vector(4, CountSize);
        buffers = new ArrowBuffers(stream, (message.Body, message.BodyLength), places, Codec(batch));
        slots = [.. fields.Select(field => Find(field, message.Version))];
    }

    /// <summary>How the data of a batch are compressed; null: not at all.</summary>
    /// <exception cref="TableFault">It is not known.</exception>
    public static int? Codec(FlatTable batch) => batch.Table(3) switch
    {
        null => null,
        { } how when how.Byte(0) is 0 or 1 && how.Byte(1) == 0 => how.Byte(0),
        { } how => throw new TableFault($"its data are compressed in a way that is not known here ({how.Byte(0)})"),
    };

    /// <summary>Reads a column.</summary>
    /// <param name="index">Its place among all.</param>
    /// <param name="dictionary">The parts of a dictionary, by its id.</param>
    /// <exception cref="TableFault">It is malformed, or of a type that is not read.</exception>
    public ArrowColumn Column(int index, Func<long, IReadOnlyList<ArrowColumn>> dictionary) =>
        Read(slots[index], dictionary, slots[index].Field.Name);

    /// <summary>What a column takes of memory.</summary>
    public long BytesOf(int index) => BytesOf(slots[index]);

    private long BytesOf(Slot slot)
    {
        long bytes = slot.Children.Sum(child => BytesOf(child));
        for (int i = 0; i < slot.Buffers; i++)
            bytes += buffers.BytesOf(slot.FirstBuffer + i);
        return bytes;
    }

    private ArrowColumn Read(Slot slot, Func<long, IReadOnlyList<ArrowColumn>> dictionary, string top)
    {
        if (slot.Field.Unread is { } what)
            throw new TableFault($"column '{top}' holds {what}, which are not read: store it as another type");
        ReadOnlyMemory<byte>[] read =
            [.. Enumerable.Range(slot.FirstBuffer, slot.Buffers).Select(i => buffers.Read(i))];
        return new ArrowColumn(
            slot.Field, slot.Length, read, [.. slot.Children.Select(child => Read(child, dictionary, top))],
            slot.Field.Dictionary is { } values ? dictionary(values.Id) : null);
    }

    // In the order of the fields, those inside of a field behind it.
    private Slot Find(ArrowField field, int version)
    {
        const int Version5 = 4;
        if (field.Shape is ArrowShape.SparseUnion or ArrowShape.DenseUnion && version < Version5)
            throw new TableFault("unions as they were before version 1.0 of Arrow");
        long length = nodes.Int64(nextNode++);
        int first = nextBuffer, count = field.Buffers;
        if (field.Shape == ArrowShape.Views)
        {
            long more = views.Int64(nextViews++);
            if (more < 0 || more > places.Count)
                throw new TableFault("its metadata are corrupt: buffers that are not there");
            count += (int)more;
        }
        nextBuffer += count;
        return new Slot(field, length, first, count, [.. field.Children.Select(child => Find(child, version))]);
    }

    private sealed record Slot(ArrowField Field, long Length, int FirstBuffer, int Buffers, Slot[] Children);
}
