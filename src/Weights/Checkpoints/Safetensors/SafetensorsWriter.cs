using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Writes safetensors files as a stream: header first, then the data in the order of the header.</summary>
/// <remarks>Whether a crash can leave half a file is up to the stream's owner.</remarks>
internal static class SafetensorsWriter
{
    /// <summary>The data section starts at a multiple of this many bytes.</summary>
    public const int Alignment = 64;

    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="tensors">Tensors with their bytes, row-major and little-endian.</param>
    /// <param name="metadata">Pairs for <c>__metadata__</c>, or null for none.</param>
    public static void Write(
        Stream stream,
        IReadOnlyList<(TensorEntry Tensor, ReadOnlyMemory<byte> Data)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        WriteHeader(stream, [.. tensors.Select(pair => pair.Tensor)], metadata);
        foreach ((TensorEntry tensor, ReadOnlyMemory<byte> data) in tensors)
        {
            Destination.Check(tensor, data.Span);
            stream.Write(data.Span);
        }
    }

    /// <summary>Writes length and JSON, padded with spaces; the caller appends the data without gaps.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="tensors">The tensors in the order in which their data will follow.</param>
    /// <param name="metadata">Pairs for <c>__metadata__</c>, or null for none.</param>
    /// <param name="headerCapacity">
    /// Bytes before the data, a multiple of 64, so that a header can be rewritten in place once its values are known;
    /// null takes the fewest that hold it.
    /// </param>
    /// <returns>Bytes written: the offset at which the data starts.</returns>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, a type has no name, or the capacity is too small.
    /// </exception>
    public static int WriteHeader(
        Stream stream,
        IReadOnlyList<TensorEntry> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        int? headerCapacity = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        ReadOnlySpan<byte> json = Json(tensors, metadata);
        int needed = checked(sizeof(ulong) + json.Length + Alignment - 1) / Alignment * Alignment;
        int capacity = headerCapacity ?? needed;
        if (capacity < needed || capacity % Alignment != 0)
            throw new ArgumentException($"the header needs {needed} bytes", nameof(headerCapacity));
        byte[] header = new byte[capacity];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(capacity - sizeof(ulong)));
        json.CopyTo(header.AsSpan(sizeof(ulong)));
        header.AsSpan(sizeof(ulong) + json.Length).Fill((byte)' ');
        stream.Write(header);
        return capacity;
    }

    private static ReadOnlySpan<byte> Json(
        IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        // Names and vocabularies are mostly Chinese: escaping would double their size.
        using Utf8JsonWriter json = new(buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        HashSet<string> names = new(StringComparer.Ordinal) { "__metadata__" };
        json.WriteStartObject();
        if (metadata is not null)
        {
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        long offset = 0;
        foreach (TensorEntry tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"'{tensor.Name}' occurs twice or is reserved", nameof(tensors));
            WriteTensor(json, tensor, ref offset);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorEntry tensor, ref long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", SafetensorsTypes.Name(tensor.Type));
        json.WriteStartArray("shape");
        foreach (long dimension in tensor.Shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        offset = checked(offset + tensor.ByteLength);
        json.WriteNumberValue(offset);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
