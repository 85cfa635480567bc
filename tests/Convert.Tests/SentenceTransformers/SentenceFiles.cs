using System.Text.Json.Nodes;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.SentenceTransformers;

/// <summary>
/// A folder as sentence-transformers saves a model, around the GAU-α of <see cref="Safetensors"/>: mean, a dense layer
/// 8 → 6 with tanh, length 1; two prompts. A test changes it.
/// </summary>
internal sealed class SentenceFiles : IDisposable
{
    public const int Outputs = 6;

    private readonly TemporaryFolder folder = Safetensors.Gau().Folder(
        Safetensors.Config("\"architectures\":[\"GAUAlphaModel\"]"));

    public SentenceFiles()
    {
        Write("modules.json", """
            [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
             {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
             {"idx":2,"name":"2","path":"2_Dense","type":"sentence_transformers.models.Dense"},
             {"idx":3,"name":"3","path":"3_Normalize","type":"sentence_transformers.models.Normalize"}]
            """);
        Write("1_Pooling/config.json", """
            {"word_embedding_dimension":8,"pooling_mode_cls_token":false,"pooling_mode_max_tokens":false,
             "pooling_mode_mean_tokens":true,"pooling_mode_mean_sqrt_len_tokens":false}
            """);
        Write("2_Dense/config.json", """
            {"in_features":8,"out_features":6,"bias":true,"activation_function":"torch.nn.modules.activation.Tanh"}
            """);
        Write("2_Dense/model.safetensors", Dense().ToBytes());
        Write("config_sentence_transformers.json", """
            {"__version__":{"sentence_transformers":"3.0.1"},"prompts":{"query":"a：","passage":""},
             "default_prompt_name":null,"similarity_fn_name":null}
            """);
        Write("sentence_bert_config.json", """{"max_seq_length":64,"do_lower_case":false}""");
        Write("tokenizer_config.json", """{"do_lower_case":true,"model_max_length":1000000000000000019884624838656}""");
    }

    /// <summary>Its path.</summary>
    public string Root => folder.Root;

    /// <summary>The layer's weights.</summary>
    public static Safetensors Dense() => new Safetensors().Add("linear.weight", Outputs, 8).Add("linear.bias", Outputs);

    public string Path(string name) => folder.Path(name);

    public SentenceFiles Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public SentenceFiles Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(folder.Path(name))!);
        folder.Write(name, content);
        return this;
    }

    public SentenceFiles Delete(string name)
    {
        File.Delete(Path(name));
        return this;
    }

    /// <summary>Moves the encoder and its tokenizer into a folder.</summary>
    public SentenceFiles MoveEncoder(string name)
    {
        Directory.CreateDirectory(Path(name));
        foreach (string file in (string[])["model.safetensors", "config.json", "vocab.txt", "sentence_bert_config.json", "tokenizer_config.json"])
            File.Move(Path(file), System.IO.Path.Combine(Path(name), file));
        return Module(0, "path", name);
    }

    /// <summary>Sets a member of a module's entry.</summary>
    public SentenceFiles Module(int index, string key, JsonNode? value)
    {
        JsonNode modules = JsonNode.Parse(File.ReadAllText(Path("modules.json")))!;
        modules[index]![key] = value;
        return Write("modules.json", modules.ToJsonString());
    }

    /// <summary>Sets a member of a file, or removes it.</summary>
    public SentenceFiles Set(string file, string key, string? json)
    {
        JsonObject members = JsonNode.Parse(File.ReadAllText(Path(file)))!.AsObject();
        members.Remove(key);
        if (json is not null)
            members[key] = JsonNode.Parse(json);
        return Write(file, members.ToJsonString());
    }

    /// <summary>Converts it, and expects success.</summary>
    public ModelFileReader Convert(params string[] options) => Tool.Convert(folder, Root, options);

    /// <summary>The vector of a text, as a model file of it makes it.</summary>
    public float[] Embed(string text, EmbedderOptions? options = null)
    {
        using ModelFileReader file = Convert("--type", "f32");
        using GauModel model = GauModel.Load(file.Path);
        return new GauEmbedder(model, options).Embed(text).Vector.ToArray();
    }

    public ToolResult Run(params string[] options) => Tool.Run([Root, "-o", Path("out.safetensors"), .. options]);

    public void Dispose() => folder.Dispose();
}
