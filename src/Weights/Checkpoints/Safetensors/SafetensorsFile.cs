namespace GauRuntime.Weights.Checkpoints;

/// <summary>A safetensors file in memory, checked as a whole when it is opened.</summary>
/// <remarks>
/// Format: u64 LE header length N; N bytes of JSON, name → dtype, shape, data_offsets [begin, end) relative to byte 8 +
/// N; row-major little-endian data, contiguous, to the last byte of the file. Immutable and thread-safe. A file on disk
/// is mapped, not copied: truncating it while it is open ends the process.
/// </remarks>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly FileView file;
    private readonly IReadOnlyDictionary<string, SafetensorsRange> ranges;
    private readonly long dataStart;

    private SafetensorsFile(FileView file)
    {
        this.file = file;
        SafetensorsHeader header = SafetensorsHeader.Parse(file);
        dataStart = header.DataStart;
        Metadata = header.Metadata.AsReadOnly();
        Tensors = header.Tensors;
        ranges = header.Ranges;
    }

    /// <summary>The file as the user named it.</summary>
    public string Path => file.Path;

    /// <summary>Size in bytes.</summary>
    public long Length => file.Length;

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>The pairs of <c>__metadata__</c>; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Maps and checks a file.</summary>
    /// <exception cref="GauFormatException">The file is no well-formed safetensors file.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafetensorsFile Open(string path) => Open(FileView.Map(path));

    /// <summary>Checks a file that is already in memory, for example embedded in the program.</summary>
    /// <param name="data">The first byte; must stay valid until <see cref="Dispose"/>.</param>
    /// <param name="length">Size in bytes.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="GauFormatException">The bytes are no well-formed safetensors file.</exception>
    public static unsafe SafetensorsFile Open(byte* data, long length, string name) =>
        Open(FileView.Over(data, length, name));

    private static SafetensorsFile Open(FileView file)
    {
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name, or null.</summary>
    public TensorEntry? Find(string name) =>
        ranges.TryGetValue(name, out SafetensorsRange range) ? range.Tensor : null;

    /// <summary>Offset of a tensor's first byte from the start of the file.</summary>
    public long DataOffset(TensorEntry tensor) => dataStart + Range(tensor).Begin;

    /// <summary>A tensor's first byte. Valid until <see cref="Dispose"/>; alignment is the file's.</summary>
    public unsafe byte* Data(TensorEntry tensor) => file.Pointer + DataOffset(tensor);

    /// <summary>The bytes of a tensor. Valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="NotSupportedException">The tensor has more than 2 GiB.</exception>
    public ReadOnlySpan<byte> Span(TensorEntry tensor)
    {
        SafetensorsRange range = Range(tensor);
        long length = range.End - range.Begin;
        if (length > int.MaxValue)
            throw new NotSupportedException($"{Path}: tensor '{range.Tensor.Name}' has {length} bytes, above 2 GiB");
        return file.Span(dataStart + range.Begin, (int)length);
    }

    /// <summary>Copies the bytes of a tensor by reading the file, not through the map.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">As many bytes as the tensor has.</param>
    /// <exception cref="GauFormatException">The file became shorter since it was opened.</exception>
    public void Read(TensorEntry tensor, Span<byte> destination)
    {
        SafetensorsRange range = Range(tensor);
        if (destination.Length != range.End - range.Begin)
            throw new ArgumentException($"'{tensor.Name}' has {range.End - range.Begin} bytes", nameof(destination));
        file.Read(dataStart + range.Begin, destination);
    }

    /// <summary>Throws where the file was changed since it was opened.</summary>
    /// <exception cref="IOException">It was.</exception>
    internal void RequireUnchanged() => file.RequireUnchanged();

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private SafetensorsRange Range(TensorEntry tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return ranges.TryGetValue(tensor.Name, out SafetensorsRange range) && ReferenceEquals(range.Tensor, tensor)
            ? range
            : throw new ArgumentException($"'{tensor.Name}' is not a tensor of {Path}", nameof(tensor));
    }
}
