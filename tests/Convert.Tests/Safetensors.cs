using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Tests;

/// <summary>Checkpoints made up by tests, as safetensors.</summary>
internal sealed class Safetensors
{
    public const int H = 8, E = 12, S = 4, V = 8;
    private readonly List<(string Name, long[] Shape, float[] Values)> tensors = [];
    private readonly Dictionary<string, string> types = [];   // of tensors that are not F32; their bytes are zeros

    /// <summary>The configuration of <see cref="Gau"/>, to which a test adds members.</summary>
    public static string Config(string more = "") =>
        $$"""
        {"model_type":"gau_alpha","vocab_size":{{V}},"hidden_size":{{H}},"intermediate_size":{{E}},
         "attention_key_size":{{S}},"num_hidden_layers":1,"hidden_act":"swish"{{(more.Length > 0 ? "," + more : "")}}}
        """;

    public const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\n";

    /// <summary>A GAU model of one layer.</summary>
    public static Safetensors Gau(string prefix = "gau_alpha.")
    {
        Safetensors file = new();
        file.Add(prefix + "embeddings.word_embeddings.weight", V, H).Add(
            prefix + "embeddings.token_type_embeddings.weight", 2, H);
        return file.AddLayer(prefix, 0);
    }

    /// <summary>The tensors of a file, F32.</summary>
    public static Safetensors Read(string path)
    {
        Safetensors all = new();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (TensorEntry tensor in file.Tensors)
        {
            float[] values = new float[tensor.ElementCount];
            Elements.ToSingle(tensor.Type, file.Span(tensor), values);
            all.tensors.Add((tensor.Name, [.. tensor.Shape], values));
        }
        return all;
    }

    /// <summary>The same tensors under other names.</summary>
    public Safetensors Rename(Func<string, string> name)
    {
        Safetensors renamed = new();
        renamed.tensors.AddRange(tensors.Select(tensor => (name(tensor.Name), tensor.Shape, tensor.Values)));
        return renamed;
    }

    /// <summary>Stores a tensor as a type of one byte.</summary>
    public Safetensors Store(string name, string type)
    {
        types[name] = type;
        return this;
    }

    /// <summary>Leaves a matrix its first rows.</summary>
    public Safetensors Cut(string name, int rows)
    {
        int index = tensors.FindIndex(tensor => tensor.Name == name);
        (_, long[] shape, float[] values) = tensors[index];
        tensors[index] = (name, [rows, shape[1]], values[..(int)(rows * shape[1])]);
        return this;
    }

    public void Save(string path) => File.WriteAllBytes(path, ToBytes());

    public Safetensors AddLayer(string prefix, int layer)
    {
        string gau = $"{prefix}encoder.layer.{layer}.gau.";
        return Add(gau + "i_dense.weight", 2 * E + S, H).Add(gau + "o_dense.weight", H, E)
            .Add(gau + "q_scaleoffset.weight", S).Add(gau + "k_scaleoffset.weight", S);
    }

    public Safetensors Add(string name, params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = MathF.Sin(i + tensors.Count) / 2;
        tensors.Add((name, shape, values));
        return this;
    }

    /// <summary>Gives a matrix more rows; those it has stay.</summary>
    public Safetensors Resize(string name, int rows)
    {
        int index = tensors.FindIndex(tensor => tensor.Name == name);
        (_, long[] shape, float[] values) = tensors[index];
        float[] larger = [.. values, .. Enumerable.Repeat(0.25f, (int)((rows - shape[0]) * shape[1]))];
        tensors[index] = (name, [rows, shape[1]], larger);
        return this;
    }

    public Safetensors Remove(string name)
    {
        tensors.RemoveAll(tensor => tensor.Name == name);
        return this;
    }

    /// <summary>Those of its tensors alone.</summary>
    public Safetensors Only(Func<string, bool> isOne)
    {
        Safetensors part = new();
        part.tensors.AddRange(tensors.Where(tensor => isOne(tensor.Name)));
        return part;
    }

    /// <summary>Names, shapes and values, in order.</summary>
    public IReadOnlyList<(string Name, long[] Shape, float[] Values)> Tensors => tensors;

    public float[] Values(string name) => tensors.Single(tensor => tensor.Name == name).Values;

    public byte[] ToBytes()
    {
        Dictionary<string, object> header = [];
        long offset = 0;
        foreach ((string name, long[] shape, float[] values) in tensors)
        {
            long length = values.Length * (types.ContainsKey(name) ? 1L : 4L);
            header.Add(name, new
            {
                dtype = types.GetValueOrDefault(name, "F32"), shape, data_offsets = new[] { offset, offset + length },
            });
            offset += length;
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        using MemoryStream stream = new();
        byte[] begin = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(begin, json.Length);
        stream.Write(begin);
        stream.Write(json);
        foreach ((string name, _, float[] values) in tensors)
            stream.Write(types.ContainsKey(name) ? new byte[values.Length] : MemoryMarshal.AsBytes(values.AsSpan()));
        return stream.ToArray();
    }

    /// <summary>As <see cref="Folder"/>, in two files with an index: what is of the layers, and what is not.</summary>
    public TemporaryFolder ShardedFolder(string? config = null)
    {
        TemporaryFolder folder = Folder(config);
        File.Delete(folder.Path("model.safetensors"));
        Dictionary<string, string> map = [];
        foreach (int part in (int[])[1, 2])
        {
            string file = $"model-0000{part}-of-00002.safetensors";
            Safetensors shard = Only(name => name.Contains(".layer.", StringComparison.Ordinal) == (part == 2));
            folder.Write(file, shard.ToBytes());
            foreach ((string name, _, _) in shard.tensors)
                map.Add(name, file);
        }
        folder.Write("model.safetensors.index.json", JsonSerializer.Serialize(new { weight_map = map }));
        return folder;
    }

    /// <summary>Puts checkpoint, configuration and vocabulary into a folder.</summary>
    public TemporaryFolder Folder(string? config = null, string? vocabulary = null)
    {
        TemporaryFolder folder = new();
        folder.Write("model.safetensors", ToBytes());
        folder.Write("config.json", config ?? Config());
        folder.Write("vocab.txt", vocabulary ?? Vocabulary);
        return folder;
    }
}
