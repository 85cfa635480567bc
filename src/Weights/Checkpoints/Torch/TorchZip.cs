namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// The zip container of torch 1.6 and later: <c>{stem}/data.pkl</c>, storages <c>{stem}/data/{key}</c>,
/// <c>{stem}/version</c>, newer also <c>{stem}/byteorder</c>.
/// </summary>
internal static class TorchZip
{
    private const string Pickle = "data.pkl";

    public static TorchContainer Open(FileView file)
    {
        Require(file);
        Dictionary<string, ZipMember> members = ZipDirectory.Read(file);
        ZipMember pickle = FindPickle(file, members);
        string stem = pickle.Name[..^Pickle.Length];
        if (members.TryGetValue(stem + "byteorder", out ZipMember order) &&
            (order.Length > 16 || !file.Span(order.Offset, (int)order.Length).SequenceEqual("little"u8)))
            throw new GauFormatException(file.Path, $"member '{order.Name}'", "the byte order is not little-endian");
        if (pickle.Length > PickleMachine.MaxLength)
            throw new GauFormatException(file.Path, $"member '{pickle.Name}'",
                $"{pickle.Length} bytes are too many for a pickle");
        FileChecksum.Crc32(file, pickle.Name, pickle.Offset, pickle.Length, pickle.Crc);

        PickleMachine machine = new(file.Path, pickle.Offset, file.Span(pickle.Offset, (int)pickle.Length));
        object? root = machine.Run();
        string folder = stem + "data/";
        Dictionary<string, StoragePlace> storages = new(StringComparer.Ordinal);
        foreach (ZipMember member in members.Values)
            if (member.Name.StartsWith(folder, StringComparison.Ordinal))
                storages.Add(member.Name[folder.Length..], new StoragePlace(member.Offset, member.Length, member.Crc));
        return TorchNames.Collect(file.Path, root, (int)pickle.Length).In(storages);
    }

    /// <summary>Throws where an archive is not what <c>torch.save</c> writes; the reason says what it is.</summary>
    public static void Require(FileView file)
    {
        IReadOnlyList<string> names = ZipDirectory.Names(file);
        if (ZipLookalike.Name(names) is { } other)
            throw new GauFormatException(file.Path, "zip archive", other);
    }

    /// <summary>The only <c>data.pkl</c>, in whatever folder.</summary>
    private static ZipMember FindPickle(FileView file, Dictionary<string, ZipMember> members)
    {
        ZipMember? found = null;
        foreach (ZipMember member in members.Values)
        {
            if (member.Name != Pickle && !member.Name.EndsWith("/" + Pickle, StringComparison.Ordinal))
                continue;
            if (found is not null)
                throw new GauFormatException(file.Path, $"member '{member.Name}'", "a second data.pkl");
            found = member;
        }
        return found!.Value;
    }
}
