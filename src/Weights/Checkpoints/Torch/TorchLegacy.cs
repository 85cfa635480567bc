using System.Buffers.Binary;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// The container of torch before 1.6: pickles of a magic number, a protocol number, facts on the system, the object and
/// the list of storage keys; then for every key an int64 element count and the elements.
/// </summary>
internal static class TorchLegacy
{
    private static readonly Int128 Magic = new(0x1950, 0xa86a20f9469cfc6c);

    public static TorchContainer Open(FileView file)
    {
        long position = 0;
        if (PickleLookalike.Name(file) is { } other)
            throw new GauFormatException(file.Path, "offset 0", other);
        if (!Magic.Equals(Load(file, ref position)))
            throw new GauFormatException(file.Path, "offset 0",
                "a pickle, but not torch's: save the weights with torch.save(model.state_dict(), …)");
        if (Load(file, ref position) is not 1001L)
            throw new GauFormatException(file.Path, "protocol", "the protocol version is not 1001");
        if (Load(file, ref position) is not PickleDict system || !IsLittleEndian(system))
            throw new GauFormatException(file.Path, "system information", "not that of a little-endian machine");
        PickleMachine machine = Machine(file, position);
        object? root = machine.Run();
        TorchContent content = TorchNames.Collect(file.Path, root, machine.Consumed);
        position += machine.Consumed;
        if (Load(file, ref position) is not PickleList keys)
            throw new GauFormatException(file.Path, "storage keys", "not a list");
        return content.In(Place(file, position, keys, machine.Storages));
    }

    private static PickleMachine Machine(FileView file, long position) =>
        new(file.Path, position, file.Span(position, (int)Math.Min(file.Length - position, PickleMachine.MaxLength)));

    private static object? Load(FileView file, ref long position)
    {
        PickleMachine machine = Machine(file, position);
        object? value = machine.Run();
        position += machine.Consumed;
        return value;
    }

    private static bool IsLittleEndian(PickleDict system)
    {
        foreach ((object? key, object? value) in system.Entries)
            if (key is "little_endian")
                return value is true;
        return false;
    }

    private static Dictionary<string, StoragePlace> Place(
        FileView file, long position, PickleList keys, Dictionary<string, TorchStorage> storages)
    {
        Dictionary<string, StoragePlace> places = new(StringComparer.Ordinal);
        foreach (object? item in keys.Items)
        {
            if (item is not string key || !storages.TryGetValue(key, out TorchStorage? storage))
                throw new GauFormatException(file.Path, "storage keys", $"the object does not use storage '{item}'");
            int width = storage.UnitWidth;
            if (file.Length - position < sizeof(long))
                throw new GauFormatException(file.Path, $"offset {position}", $"the file ends before storage '{key}': "
                    + "it was cut short; copy or download it again");
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Span(position, sizeof(long)));
            position += sizeof(long);
            if (count < 0 || count > (file.Length - position) / width)
                throw new GauFormatException(file.Path, $"offset {position - 8}",
                    $"storage '{key}' of {count} elements does not fit: the file may have been cut short");
            if (!places.TryAdd(key, new StoragePlace(position, count * width, 0)))
                throw new GauFormatException(file.Path, "storage keys", $"storage '{key}' occurs twice");
            position += count * width;
        }
        if (position != file.Length)
            throw new GauFormatException(file.Path, $"offset {position}",
                $"{file.Length - position} bytes after the last storage");
        return places;
    }
}
