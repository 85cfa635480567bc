namespace GauRuntime.Weights.Checkpoints;

/// <summary>A constant of a graph (<c>TensorProto</c>), and where its values are.</summary>
/// <param name="Entry">Name, type and shape.</param>
/// <param name="Offset">Where the values begin: in the model, or in the file beside it.</param>
/// <param name="Length">Their bytes there.</param>
internal sealed record OnnxTensor(TensorEntry Entry, long Offset, long Length)
{
    private const int Dims = 1, DataType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, Name = 8, RawData = 9,
        DoubleData = 10, ExternalData = 13, DataLocation = 14;

    /// <summary>Whether the values are varints, one for each: little-endian numbers otherwise.</summary>
    public bool AsVarints { get; init; }

    /// <summary>The name of the file beside the model that holds the values; null: the model itself.</summary>
    public string? File { get; init; }

    /// <summary>Reads a message; no value is looked at.</summary>
    /// <param name="path">The model, for messages.</param>
    /// <param name="message">The message.</param>
    /// <param name="start">Where it begins in the model.</param>
    /// <param name="name">What the tensor is called where it is the value of a node.</param>
    /// <exception cref="GauFormatException">It is malformed.</exception>
    public static OnnxTensor Parse(string path, ReadOnlySpan<byte> message, long start, string? name = null)
    {
        ProtoReader reader = new(message);
        List<long> shape = [];
        ulong type = 0;
        (int Field, long Offset, long Length)? data = null;
        OnnxExternal? external = null;
        bool isExternal = false;
        while (reader.TryField())
        {
            long offset = start + message.Length - reader.Rest.Length - reader.Bytes.Length;
            switch (reader.Field)
            {
                case Dims when reader.Wire == 0:
                    shape.Add((long)reader.Number);
                    break;
                case Dims when reader.Wire == 2:
                    shape.AddRange(OnnxNumbers.Varints(path, reader.Bytes, Shapes.MaxRank + 1));
                    break;
                case DataType:
                    type = reader.Number;
                    break;
                case Name when name is null:
                    name = OnnxNumbers.Text(path, reader.Bytes);
                    break;
                case FloatData or Int32Data or Int64Data or RawData or DoubleData when reader.Wire == 2:
                    // Serializers write all values of a field together; only a raw one may be there and empty.
                    if (data is { Length: > 0 } && reader.Bytes.Length > 0)
                        throw Fault(path, name, "its values stand in several pieces, which is not supported");
                    if (data is null || reader.Bytes.Length > 0)
                        data = (reader.Field, offset, reader.Bytes.Length);
                    break;
                case FloatData or Int32Data or Int64Data or DoubleData:
                    throw Fault(path, name, "its values stand in several pieces, which is not supported");
                case ExternalData:
                    (external ??= new OnnxExternal()).Add(path, name, reader.Bytes);
                    break;
                case DataLocation:
                    isExternal = reader.Number == 1;
                    break;
            }
            if (shape.Count > Shapes.MaxRank)
                throw Fault(path, name, $"more than {Shapes.MaxRank} dimensions");
        }
        if (!reader.Rest.IsEmpty)
            throw Fault(path, name, "the tensor is no well-formed message");
        TensorEntry entry = new(name ?? "", OnnxTypes.Of(type), shape) { StoredType = OnnxTypes.Stored(type) };
        if (!Shapes.TryCount(shape, 8 * Math.Max(Elements.Width(entry.Type), 1), out _))
            throw Fault(path, name, $"the shape {entry.ShapeText} is impossible");
        if (isExternal)
            return (external ?? throw Fault(path, name, "its values are said to be in another file, but in none"))
                .Tensor(path, entry);
        OnnxTensor tensor = new(entry, data?.Offset ?? start, data?.Length ?? 0)
        {
            // Numbers of less than 32 bits, and the bits of float16, are varints there; so are 64-bit integers.
            AsVarints = data?.Field is Int32Data or Int64Data,
        };
        tensor.RequireValues(path);
        return tensor;
    }

    /// <summary>The place of a tensor in messages.</summary>
    public static GauFormatException Fault(string path, string? name, string reason) =>
        new(path, name is null ? "tensor" : $"tensor '{name}'", reason);

    /// <summary>Throws where the values are not as many as the shape says.</summary>
    private void RequireValues(string path)
    {
        int width = Elements.Width(Entry.Type);
        if (width == 0)
            return;
        // A varint is one byte at least.
        bool fits = AsVarints ? Length >= Entry.ElementCount && Length <= 10 * (Int128)Entry.ElementCount
            : Length == Entry.ByteLength;
        if (!fits)
            throw Fault(path, Entry.Name, $"{Length} bytes of values where {Entry.ShapeText} of "
                + $"{Elements.Name(Entry.Type)} has {Entry.ByteLength}: it was cut or damaged");
    }
}
