namespace GauRuntime.Weights.Checkpoints;

/// <summary>A safetensors or PyTorch checkpoint in several files, which an index tells apart.</summary>
/// <remarks>
/// All files are opened and checked at once: each tensor stands in the file that the index names, and in no other.
/// </remarks>
internal sealed class ShardedCheckpoint : ICheckpoint
{
    private readonly Dictionary<string, ICheckpoint> owners = new(StringComparer.Ordinal);
    private readonly List<ICheckpoint> shards = [];
    private readonly List<TensorEntry> tensors = [];
    private readonly List<string> leftOut = [];

    /// <summary>Opens the files of an index.</summary>
    /// <exception cref="GauFormatException">A file is malformed, or index and files contradict each other.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public ShardedCheckpoint(ShardIndex index)
    {
        Path = index.Path;
        Kind = index.Kind;
        string[] missing = [.. index.Shards.Where(shard => !File.Exists(shard))];
        if (missing.Length > 0)
            throw new FileNotFoundException(
                $"{Printable.OneLine(missing[0])}: no such file, but {Printable.OneLine(Path)} needs "
                + (missing.Length == 1 ? "it" : $"{missing.Length} files that are missing: {Listed(missing)}"),
                missing[0]);
        try
        {
            foreach (string shard in index.Shards)
                Open(index, shard);
            string? absent = index.Map.Keys.FirstOrDefault(tensor => !owners.ContainsKey(tensor));
            if (absent is not null)
                throw new GauFormatException(index.PathOf(index.Map[absent]), $"tensor '{absent}'",
                    $"it is missing, but {System.IO.Path.GetFileName(Path)} says that it is in this file");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CheckpointKind Kind { get; }

    /// <summary>The index as the user named it.</summary>
    public string Path { get; }

    /// <summary>The tensors, file by file in the order of the files' names.</summary>
    public IReadOnlyList<TensorEntry> Tensors => tensors;

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => leftOut;

    /// <inheritdoc/>
    public void Read(TensorEntry tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!owners.TryGetValue(tensor.Name, out ICheckpoint? shard))
            throw new ArgumentException($"'{tensor.Name}' is not a tensor of {Path}", nameof(tensor));
        shard.Read(tensor, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ICheckpoint shard in shards)
            shard.Dispose();
    }

    private void Open(ShardIndex index, string path)
    {
        CheckpointKind kind = CheckpointFile.DetectFile(path);
        if (kind != Kind || kind is not (CheckpointKind.Safetensors or CheckpointKind.Torch))
            throw new GauFormatException(path, "file",
                $"not of the kind of the other files of {System.IO.Path.GetFileName(Path)}");
        ICheckpoint shard = CheckpointFile.OpenFile(path, kind);
        shards.Add(shard);
        string own = System.IO.Path.GetFileName(path);
        foreach (TensorEntry tensor in shard.Tensors)
        {
            string place = $"tensor '{tensor.Name}'", file = System.IO.Path.GetFileName(Path);
            if (!index.Map.TryGetValue(tensor.Name, out string? named))
                throw new GauFormatException(path, place, $"{file} does not list it");
            if (named != own)
                throw new GauFormatException(path, place, $"{file} says that it is in {named}");
            owners.Add(tensor.Name, shard);
            tensors.Add(tensor);
        }
        leftOut.AddRange(shard.LeftOut);
    }

    private static string Listed(string[] paths) =>
        string.Join(", ", paths.Take(10).Select(System.IO.Path.GetFileName)) + (paths.Length > 10 ? ", …" : "");
}
