namespace GauRuntime.Weights.Checkpoints;

/// <summary>A storage that a pickle refers to: <c>('storage', type, key, device, count[, view])</c>.</summary>
/// <param name="Type">Element type; width 0 when the storage counts bytes.</param>
/// <param name="Key">Its name in the container.</param>
/// <param name="Count">Elements in the container.</param>
/// <param name="ViewStart">First element that belongs to it (torch 0.3 pickled views of storages).</param>
/// <param name="ViewCount">Elements that belong to it.</param>
internal sealed record TorchStorage(TorchType Type, string Key, long Count, long ViewStart, long ViewCount)
{
    /// <summary>Bytes per unit of <see cref="Count"/>.</summary>
    public int UnitWidth => Math.Max(Type.Width, 1);

    /// <summary>The storage of a persistent id, or null and the reason why not.</summary>
    public static TorchStorage? FromPersistentId(object? id, out string? reason)
    {
        reason = "a persistent id that does not describe a storage refused";
        if (id is not PickleTuple { Items: ["storage", PickleGlobal global, string key, string, long count, ..] } tuple)
            return null;
        if (!TorchTypes.TryStorage(global, out TorchType type) || tuple.Items.Length > 6 || count < 0)
            return null;
        if ((Int128)count * Math.Max(type.Width, 1) > long.MaxValue)
            return null;
        if (tuple.Items is not [.., PickleTuple { Items: var view }] || tuple.Items.Length != 6)
        {
            bool whole = tuple.Items.Length == 5 || tuple.Items[5] is null;
            return whole ? new TorchStorage(type, key, count, 0, count) : null;
        }
        if (view is not [string, long first, long length] || first < 0 || length < 0 || first > count - length)
            return null;
        return new TorchStorage(type, key, count, first, length);
    }
}

/// <summary>A strided view of a storage. Offset and strides count elements.</summary>
internal sealed record TorchTensor(TorchStorage Storage, TorchType Type, long Offset, long[] Size, long[] Stride)
{
    /// <summary>
    /// The tensor of <c>_rebuild_tensor…(storage, offset, size, stride, …)</c>, or null and the reason.
    /// </summary>
    /// <param name="arguments">As pickled; what follows the stride is of no use here.</param>
    /// <param name="dtype">Of a storage without a type; else null.</param>
    /// <param name="reason">Why not.</param>
    public static TorchTensor? Create(object?[] arguments, PickleGlobal? dtype, out string? reason)
    {
        reason = "a tensor with unusual arguments refused";
        if (arguments is not [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride, ..])
            return null;
        TorchType type = storage.Type;
        if (dtype is not null && !TorchTypes.TryDtype(dtype, out type))
            return null;
        if (type.Width == 0 || Longs(size) is not { } sizes || Longs(stride) is not { } strides)
            return null;
        bool inside = IsInside(storage.ViewCount * storage.UnitWidth / type.Width, offset, sizes, strides);
        if (!inside || !Shapes.TryCount(sizes, 8 * type.Width, out _))
        {
            reason = $"a tensor of shape [{string.Join(", ", sizes)}] lies outside of storage '{storage.Key}'";
            return null;
        }
        offset += storage.ViewStart * storage.UnitWidth / type.Width;
        return new TorchTensor(storage, type, offset, sizes, strides);
    }

    private static bool IsInside(long count, long offset, long[] size, long[] stride)
    {
        if (offset < 0 || offset > count || size.Length != stride.Length || size.Length > Shapes.MaxRank)
            return false;
        Int128 last = offset;
        bool empty = false;
        for (int i = 0; i < size.Length; i++)
        {
            if (size[i] < 0 || stride[i] < 0)
                return false;
            empty |= size[i] == 0;
            last += (Int128)(size[i] - 1) * stride[i];
        }
        return empty || last < count;
    }

    private static long[]? Longs(PickleTuple tuple)
    {
        long[] values = new long[tuple.Items.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (tuple.Items[i] is not long value)
                return null;
            values[i] = value;
        }
        return values;
    }
}
