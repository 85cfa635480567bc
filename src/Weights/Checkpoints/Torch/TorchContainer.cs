namespace GauRuntime.Weights.Checkpoints;

/// <summary>Where the bytes of a storage lie. <see cref="Crc"/> is a CRC-32, 0 when the container has none.</summary>
internal readonly record struct StoragePlace(long Offset, long Length, uint Crc);

/// <summary>What a pickled object holds.</summary>
/// <param name="Tensors">Its tensors, by the names of <see cref="TorchNames"/>.</param>
/// <param name="LeftOut">Objects of classes, as <c>name (class)</c>.</param>
internal sealed record TorchContent(
    IReadOnlyList<(string Name, TorchTensor Tensor)> Tensors, IReadOnlyList<string> LeftOut)
{
    public TorchContainer In(Dictionary<string, StoragePlace> storages) => new(this, storages);
}

/// <summary>What both containers of torch boil down to: tensors, and a place for every storage.</summary>
internal sealed record TorchContainer(TorchContent Content, Dictionary<string, StoragePlace> Storages)
{
    /// <summary>Opens either container; which one follows from the first bytes.</summary>
    public static TorchContainer Open(FileView file)
    {
        ReadOnlySpan<byte> start = file.Span(0, (int)Math.Min(file.Length, 3));
        bool zip = start.StartsWith("PK"u8);
        if (!zip && !PickleMachine.IsStart(start) && TarArchive.Is(file))
            throw TarArchive.Refusal(file.Path);
        TorchContainer container = zip ? TorchZip.Open(file) : TorchLegacy.Open(file);
        foreach ((string name, TorchTensor tensor) in container.Content.Tensors)
            container.Check(file, name, tensor);
        return container;
    }

    private void Check(FileView file, string name, TorchTensor tensor)
    {
        string place = $"tensor '{name}'";
        TorchStorage storage = tensor.Storage;
        if (!Storages.TryGetValue(storage.Key, out StoragePlace bytes))
            throw new GauFormatException(file.Path, place, $"storage '{storage.Key}' is missing");
        if (bytes.Length != storage.Count * storage.UnitWidth)
            throw new GauFormatException(file.Path, place,
                $"storage '{storage.Key}' has {bytes.Length} bytes, not {storage.Count} × {storage.UnitWidth}");
        Shapes.TryCount(tensor.Size, 8 * tensor.Type.Width, out long count);
        // A stride of 0 repeats elements without end: a real expanded tensor is small or not much larger than its file.
        if (count * tensor.Type.Width > Math.Max(64L << 20, 4 * file.Length))
            throw new GauFormatException(file.Path, place,
                $"expands to {count} elements, far more than the file holds");
    }
}
