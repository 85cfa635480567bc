using System.Text.Json;
using System.Text.Unicode;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// The index of a checkpoint in several files, such as <c>model.safetensors.index.json</c>: a JSON object whose
/// <c>weight_map</c> says which file beside it holds which tensor. What else it says is not needed.
/// </summary>
internal sealed class ShardIndex
{
    private const int MaxLength = 64 << 20, MaxTensors = 100_000, MaxShards = 1000, MaxDepth = 64;
    private readonly Dictionary<string, string> map = new(StringComparer.Ordinal);
    private readonly SortedSet<string> shards = new(StringComparer.Ordinal);

    private ShardIndex(string path) => Path = path;

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>The file name of each tensor's shard.</summary>
    public IReadOnlyDictionary<string, string> Map => map;

    /// <summary>The files that it names, in the order of their names: the paths beside it.</summary>
    public IReadOnlyList<string> Shards => [.. shards.Select(PathOf)];

    /// <summary>The kind of its files: of the first that shows one, else what their names say.</summary>
    public CheckpointKind Kind
    {
        get
        {
            foreach (string shard in Shards.Where(File.Exists))
            {
                try
                {
                    return CheckpointFile.DetectFile(shard);
                }
                catch (Exception fault) when (fault is GauFormatException or IOException)
                {
                    // Whoever opens it says so.
                }
            }
            return shards.Min!.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
                ? CheckpointKind.Safetensors : CheckpointKind.Torch;
        }
    }

    /// <summary>Reads a file; null where it is no such index.</summary>
    /// <exception cref="GauFormatException">It is one, and malformed, or names files elsewhere.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static ShardIndex? Find(string path)
    {
        using FileView file = FileView.Map(path);
        return Find(file);
    }

    /// <inheritdoc cref="Find(string)"/>
    public static ShardIndex? Find(FileView file)
    {
        if (file.Length > MaxLength)
            return null;
        ReadOnlySpan<byte> json = file.Span(0, (int)file.Length);
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        if (!json.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return null;
        ShardIndex index = new(file.Path);
        try
        {
            return index.Read(json) ? index : null;
        }
        catch (JsonException fault)
        {
            if (json.IndexOf("\"weight_map\""u8) < 0)
                return null;
            (string place, string reason) = JsonFault.Explain(json, fault);
            throw new GauFormatException(file.Path, place, reason, fault);
        }
        catch (InvalidOperationException fault)   // an escaped lone surrogate
        {
            throw new GauFormatException(file.Path, "weight_map", "a name is no valid Unicode", fault);
        }
    }

    /// <summary>The path of a file that it names.</summary>
    public string PathOf(string shard) => System.IO.Path.Join(System.IO.Path.GetDirectoryName(Path), shard);

    // False where the object has no weight_map.
    private bool Read(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        bool found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMap = reader.ValueTextEquals("weight_map"u8);
            reader.Read();
            if (!isMap)
            {
                reader.Skip();
                continue;
            }
            if (found)
                throw Fault("weight_map", "it occurs twice");
            if (!Utf8.IsValid(json))
                throw Fault("file", "invalid UTF-8");
            ReadMap(ref reader);
            found = true;
        }
        reader.Read();   // nothing may stand behind the object
        if (found && map.Count == 0)
            throw Fault("weight_map", "it names no tensor");
        return found;
    }

    private void ReadMap(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault("weight_map", "not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string tensor = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Fault($"tensor '{tensor}'", "its file is not a string");
            string name = reader.GetString()!;
            if (!shards.TryGetValue(name, out string? shard))
            {
                Require(tensor, name);
                shards.Add(shard = name);
                if (shards.Count > MaxShards)
                    throw Fault("weight_map", $"more than {MaxShards} files");
            }
            if (!map.TryAdd(tensor, shard))
                throw Fault($"tensor '{tensor}'", "the name occurs twice");
            if (map.Count > MaxTensors)
                throw Fault("weight_map", $"more than {MaxTensors} tensors");
        }
    }

    private void Require(string tensor, string shard)
    {
        if (!SiblingName.Is(shard))
            throw Fault($"tensor '{tensor}'", $"'{shard}' is no name of a file beside the index: refused");
        if (shard == System.IO.Path.GetFileName(Path))
            throw Fault($"tensor '{tensor}'", "the index names itself");
    }

    private GauFormatException Fault(string place, string reason) => new(Path, place, reason);
}
