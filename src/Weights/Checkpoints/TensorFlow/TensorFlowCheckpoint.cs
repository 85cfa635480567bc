using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>A TensorFlow V2 checkpoint ("tensor bundle"): an index table and one or more data files.</summary>
/// <remarks>
/// The whole index is read and checked when it is opened, data files are opened when one of their tensors is read. An
/// index without its data files can be listed. Keys of slices of partitioned variables are not listed.
/// </remarks>
internal sealed class TensorFlowCheckpoint : ICheckpoint
{
    private readonly BundlePath bundle;
    private readonly int shards;
    private readonly Dictionary<string, BundleEntry> entries = new(StringComparer.Ordinal);
    private SafeFileHandle? openShard;
    private int openShardId = -1;

    /// <summary>Opens a bundle and checks its index, and the sizes of those data files that exist.</summary>
    /// <param name="path">The prefix, the <c>.index</c> file or a <c>.data-…</c> file.</param>
    /// <exception cref="GauFormatException">
    /// The index is malformed, of another format, or contradicts a data file.
    /// </exception>
    /// <exception cref="IOException">The index is missing or cannot be read.</exception>
    public TensorFlowCheckpoint(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path;
        bundle = BundlePath.Of(path);
        bool renamed = !BundlePath.IsData(path) && !File.Exists(bundle.Index) && File.Exists(path);
        using FileView index = FileView.Map(renamed ? path : bundle.Index);
        IReadOnlyList<(byte[] Key, byte[] Value)> table = TableFile.Read(index);
        if (table.Count == 0 || table[0].Key.Length != 0)
            throw new GauFormatException(index.Path, "entry 0", "the bundle's header is missing");
        shards = BundleHeader.Parse(index.Path, table[0].Value).Shards;
        List<TensorEntry> tensors = [];
        foreach ((byte[] key, byte[] value) in table.Skip(1))
        {
            // The ordered code of a slice's key begins with a zero byte.
            if (key[0] == 0)
                continue;
            if (!System.Text.Unicode.Utf8.IsValid(key))
                throw new GauFormatException(index.Path, $"entry {tensors.Count + 1}",
                    "a tensor's name is not valid UTF-8");
            string name = Encoding.UTF8.GetString(key);
            BundleEntry entry = BundleEntry.Parse(index.Path, name, value, shards);
            entries.Add(name, entry);
            tensors.Add(entry.Tensor);
        }
        Tensors = tensors.AsReadOnly();
        CheckShards();
    }

    /// <inheritdoc/>
    public CheckpointKind Kind => CheckpointKind.TensorFlow;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <inheritdoc/>
    /// <exception cref="FileNotFoundException">The data file that holds the tensor is missing.</exception>
    public void Read(TensorEntry tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!entries.TryGetValue(tensor.Name, out BundleEntry entry) || !ReferenceEquals(entry.Tensor, tensor))
            throw new ArgumentException($"'{tensor.Name}' is not a tensor of {Path}", nameof(tensor));
        Destination.Check(tensor, destination);
        string shard = bundle.Shard(entry.Shard, shards), place = $"tensor '{tensor.Name}'";
        if (entry.Sliced)
            throw new GauFormatException(bundle.Index, place,
                "a partitioned variable, stored in slices: not supported");
        if (destination.IsEmpty)
            return;
        SafeFileHandle handle = OpenShard(entry.Shard, shard);
        for (int done = 0; done < destination.Length;)
        {
            int read = RandomAccess.Read(handle, destination[done..], entry.Offset + done);
            if (read == 0)
                throw new GauFormatException(shard, place, $"the file ends at {entry.Offset + done}, inside of it");
            done += read;
        }
        if (Crc32C.Masked(destination) != entry.Crc)
            throw new GauFormatException(shard, place, "the checksum does not match: the file is damaged");
    }

    /// <inheritdoc/>
    public void Dispose() => openShard?.Dispose();

    private SafeFileHandle OpenShard(int id, string path)
    {
        if (openShard is not null && openShardId == id)
            return openShard;
        openShard?.Dispose();
        openShard = null;
        openShard = RegularFile.Open(path, out _);
        openShardId = id;
        return openShard;
    }

    private void CheckShards()
    {
        foreach (IGrouping<int, BundleEntry> group in entries.Values.GroupBy(entry => entry.Shard))
        {
            string shard = bundle.Shard(group.Key, shards);
            if (!File.Exists(shard))
                continue;
            using SafeFileHandle handle = RegularFile.Open(shard, out long length);
            byte[] start = new byte[Math.Min(length, 512)];
            RandomAccess.Read(handle, start, 0);
            if (Lookalike.Stub(start) is { } stub)
                throw new GauFormatException(shard, "offset 0", stub);
            foreach (BundleEntry entry in group)
                if (entry.Offset + entry.Size > length)
                    throw new GauFormatException(shard, $"tensor '{entry.Tensor.Name}'",
                        $"ends at {entry.Offset + entry.Size}, the file at {length}: it was cut short; copy or "
                            + $"download "
                        + "it again");
        }
    }
}
