namespace GauRuntime.Weights.Checkpoints;

/// <summary>A PyTorch checkpoint, zip or legacy container: the tensors of any nest of dictionaries and lists.</summary>
/// <remarks>
/// Its pickle is interpreted; nothing in it is ever executed, and objects of classes are left out. Tensors of a nested
/// object are named by their keys joined with <c>/</c>, plain values are skipped. All strides are read; storages may be
/// shared. Only tensors that are not contiguous are read through a map of the file.
/// </remarks>
internal sealed class TorchCheckpoint : ICheckpoint
{
    private readonly FileView file;
    private readonly TorchContainer container;
    private readonly Dictionary<string, (TensorEntry Entry, TorchTensor View)> views = new(StringComparer.Ordinal);
    private readonly HashSet<string> verified = new(StringComparer.Ordinal);

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="GauFormatException">
    /// The file is no well-formed PyTorch checkpoint, is a whole model, or names what runs programs.
    /// </exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public TorchCheckpoint(string path)
    {
        file = FileView.Map(path);
        try
        {
            container = TorchContainer.Open(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        List<TensorEntry> tensors = [];
        foreach ((string name, TorchTensor view) in container.Content.Tensors)
        {
            TensorEntry entry = new(name, view.Type.Element, Array.AsReadOnly(view.Size))
            {
                StoredType = view.Type.Element == ElementType.Other ? view.Type.Name : null,
            };
            tensors.Add(entry);
            views.Add(name, (entry, view));
        }
        Tensors = tensors.AsReadOnly();
    }

    /// <inheritdoc/>
    public CheckpointKind Kind => CheckpointKind.Torch;

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => container.Content.LeftOut;

    /// <inheritdoc/>
    public unsafe void Read(TensorEntry tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!views.TryGetValue(tensor.Name, out (TensorEntry Entry, TorchTensor View) found)
            || !ReferenceEquals(found.Entry, tensor))
            throw new ArgumentException($"'{tensor.Name}' is not a tensor of {Path}", nameof(tensor));
        Destination.Check(tensor, destination);
        TorchTensor view = found.View;
        StoragePlace place = container.Storages[view.Storage.Key];
        if (!verified.Contains(view.Storage.Key))
        {
            FileChecksum.Crc32(file, view.Storage.Key, place.Offset, place.Length, place.Crc);
            verified.Add(view.Storage.Key);
        }
        long first = place.Offset + view.Offset * view.Type.Width;
        if (destination.IsEmpty)
            return;
        if (StridedCopy.IsContiguous(view.Size, view.Stride))
            file.Read(first, destination);
        else
            StridedCopy.Gather(file.Pointer + first, view.Size, view.Stride, view.Type.Width, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
