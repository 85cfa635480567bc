using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GauRuntime.Benchmarks.Peers.Onnx;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Tests.Onnx;

/// <summary>How a program exports a model; the defaults are those of PyTorch 1.10.</summary>
internal sealed record ExportStyle
{
    /// <summary>What a folded matrix is called, after which its number comes; null: it keeps name and orientation.</summary>
    public string? Matrices { get; init; } = "";

    /// <summary>Whether a norm is one operation, as from opset 17 on.</summary>
    public bool OneNorm { get; init; }

    /// <summary>Whether gelu is one operation, as from opset 20 on.</summary>
    public bool OneGelu { get; init; }

    /// <summary>Element type: 1, 10 (float16) or 11 (float64).</summary>
    public int Type { get; init; } = 1;

    /// <summary>Whether values of float16 stand as varints in <c>int32_data</c>.</summary>
    public bool Varints { get; init; }

    /// <summary>The last sizes of the shapes that queries get; null: H and d, each a constant that is joined.</summary>
    public long[]? Shape { get; init; }

    /// <summary>The file beside the model that holds the values, or null.</summary>
    public string? Beside { get; init; }

    /// <summary>What stands before all names.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Whether vectors of equal values are one constant, and the other names are given by Identity.</summary>
    public bool Shares { get; init; }

    /// <summary>Whether all biases are 0.</summary>
    public bool ZeroBiases { get; init; }

    /// <summary>An operation that is added, with its domain.</summary>
    public (string Domain, string Op)? Further { get; init; }

    /// <summary>Operations that follow those of the model, as fields of a graph.</summary>
    public ProtoMessage? More { get; init; }

    /// <summary>Whether positions are counted from the padding.</summary>
    public bool CountsPositions { get; init; }

    /// <summary>ε, another than the configuration's.</summary>
    public float? Eps { get; init; }
}

/// <summary>
/// Writes a BERT of the fixtures as torch.onnx writes it: the operations of a forward pass, the names that it keeps and
/// those that it drops. Field numbers are those of onnx.proto3.
/// </summary>
internal sealed class OnnxExport
{
    private readonly ProtoMessage nodes = new(), constants = new();
    private readonly Dictionary<string, (long[] Shape, float[] Values)> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> written = new(StringComparer.Ordinal);   // names by content
    private readonly List<byte> beside = [];
    private readonly ExportStyle style;
    private readonly JsonElement config;
    private readonly string encoder;   // prefix of its names
    private int values;

    private OnnxExport(string folder, ExportStyle style)
    {
        this.style = style;
        config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json"))).RootElement;
        using ICheckpoint checkpoint = CheckpointFile.Open(Path.Combine(folder, "model.safetensors"));
        foreach (TensorEntry entry in checkpoint.Tensors.Where(entry => entry.Type == ElementType.Float32))
        {
            float[] read = new float[entry.ElementCount];
            if (!style.ZeroBiases || !entry.Name.EndsWith(".bias", StringComparison.Ordinal))
                checkpoint.Read(entry, MemoryMarshal.AsBytes(read.AsSpan()));
            tensors.Add(entry.Name, ([.. entry.Shape], read));
        }
        encoder = tensors.ContainsKey("bert.embeddings.word_embeddings.weight") ? "bert." : "";
    }

    /// <summary>Writes <c>model.onnx</c> into a folder, and what lies beside it.</summary>
    /// <param name="source">A folder with config.json and model.safetensors.</param>
    /// <param name="folder">Where it goes.</param>
    /// <param name="style">How.</param>
    /// <returns>Its path.</returns>
    public static string Write(string source, string folder, ExportStyle? style = null)
    {
        OnnxExport export = new(source, style ?? new());
        string path = Path.Combine(folder, "model.onnx");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(path, export.Model());
        if (export.beside.Count > 0)
            File.WriteAllBytes(Path.Combine(folder, export.style.Beside!), [.. export.beside]);
        return path;
    }

    private byte[] Model()
    {
        string x = Embeddings();
        for (int layer = 0; layer < config.GetProperty("num_hidden_layers").GetInt32(); layer++)
            x = Layer(x, $"{encoder}encoder.layer.{layer}.");
        Head(x);
        if (style.Further is { } further)
            Node(further.Op, [x], further.Domain);
        bool choices = config.GetProperty("architectures")[0].GetString()!.EndsWith("Choice", StringComparison.Ordinal);
        ProtoMessage shape = new();
        for (int i = 0; i < (choices ? 3 : 2); i++)
            shape.Message(1, new ProtoMessage().Text(2, "n"));
        ProtoMessage input = new ProtoMessage().Text(1, "input_ids").Message(2, new ProtoMessage().Message(
            1, new ProtoMessage().Integer(1, 7).Message(2, shape)));
        ProtoMessage graph = new ProtoMessage().Text(2, "torch-jit-export").Message(11, input);
        byte[] all =
        [
            .. nodes.Bytes, .. style.More is { } more ? more.Bytes : [], .. constants.Bytes, .. graph.Bytes,
        ];
        return
        [
            .. new ProtoMessage().Integer(1, 7).Text(2, "pytorch").Block(7, all)
                .Message(8, new ProtoMessage().Integer(2, 13)).Bytes,
        ];
    }

    private string Embeddings()
    {
        string scope = encoder + "embeddings.";
        string positions = Integers(0, 1, 2);
        if (style.CountsPositions)
            positions = Node("Add", [Node("CumSum", ["input_ids"]), Integers(1)]);
        string x = Node("Gather", [Named(scope + "word_embeddings.weight"), "input_ids"]);
        x = Node("Add", [x, Node("Gather", [Named(scope + "token_type_embeddings.weight"), "token_type_ids"])]);
        x = Node("Add", [x, Node("Gather", [Named(scope + "position_embeddings.weight"), positions])]);
        return Norm(x, scope + "LayerNorm");
    }

    private string Layer(string x, string scope)
    {
        int heads = config.GetProperty("num_attention_heads").GetInt32();
        long size = config.GetProperty("hidden_size").GetInt32() / heads;
        string attention = scope + "attention.self.";
        string[] parts = [.. ((string[])["query", "key", "value"]).Select(part =>
            Node("Reshape", [Linear(x, attention + part), Shape(x, heads, size)]))];
        string scores = Node("Softmax", [Node("Div", [Node("MatMul", [parts[0], parts[1]]), Scalar(MathF.Sqrt(size))])]);
        string values = Node("Reshape", [Node("MatMul", [scores, parts[2]]), Integers(0, 0, heads * size)]);
        x = Norm(Node("Add", [Linear(values, scope + "attention.output.dense"), x]), scope + "attention.output.LayerNorm");
        string f = Linear(Activation(Linear(x, scope + "intermediate.dense")), scope + "output.dense");
        return Norm(Node("Add", [f, x]), scope + "output.LayerNorm");
    }

    private void Head(string x)
    {
        if (tensors.ContainsKey("cls.predictions.transform.dense.weight"))
        {
            string transformed = Norm(
                Activation(Linear(x, "cls.predictions.transform.dense")), "cls.predictions.transform.LayerNorm");
            // The decoder is the word embedding: exported once more, transposed.
            Product(transformed, encoder + "embeddings.word_embeddings.weight", "cls.predictions.bias");
        }
        else if (tensors.ContainsKey("qa_outputs.weight"))
        {
            Linear(x, "qa_outputs");
        }
        else if (tensors.ContainsKey(encoder + "pooler.dense.weight"))
        {
            string pooled = Node("Tanh", [Gemm(x, encoder + "pooler.dense")]);
            if (tensors.ContainsKey("classifier.weight"))
                Gemm(pooled, "classifier");
        }
        else if (tensors.ContainsKey("classifier.weight"))
        {
            Linear(x, "classifier");
        }
    }

    private string Gemm(string x, string layer) => Node(
        "Gemm", [x, Named(layer + ".weight"), Named(layer + ".bias")], "", ("transB", 1L));

    private string Linear(string x, string layer) => Product(x, layer + ".weight", layer + ".bias");

    private string Product(string x, string weight, string bias)
    {
        (long[] shape, float[] w) = tensors[weight];
        string matrix = style.Matrices is null
            ? Node("Transpose", [Named(weight)], "", ("perm", new long[] { 1, 0 }))
            : Constant(
                style.Matrices + (1000 + values++).ToString(CultureInfo.InvariantCulture), [shape[1], shape[0]],
                [.. Enumerable.Range(0, w.Length).Select(i => w[i % (int)shape[0] * (int)shape[1] + i / (int)shape[0]])]);
        return Node("Add", [Named(bias), Node("MatMul", [x, matrix])]);
    }

    private string Norm(string x, string layer)
    {
        float eps = style.Eps ?? config.GetProperty("layer_norm_eps").GetSingle();
        string gamma = Named(layer + ".weight"), beta = Named(layer + ".bias");
        if (style.OneNorm)
            return Node("LayerNormalization", [x, gamma, beta], "", ("epsilon", eps));
        string centred = Node("Sub", [x, Node("ReduceMean", [x])]);
        string variance = Node("ReduceMean", [Node("Pow", [centred, Scalar(2)])]);
        string deviation = Node("Sqrt", [Node("Add", [variance, Scalar(eps)])]);
        return Node("Add", [Node("Mul", [Node("Div", [centred, deviation]), gamma]), beta]);
    }

    private string Activation(string x)
    {
        switch (config.GetProperty("hidden_act").GetString())
        {
            case "relu": return Node("Relu", [x]);
            case "silu": return Node("Mul", [x, Node("Sigmoid", [x])]);
            case "linear": return x;
            case "mish": return Node("Mul", [x, Node("Tanh", [Node("Softplus", [x])])]);
            case "gelu_new" when style.OneGelu: return Node("Gelu", [x], "", ("approximate", "tanh"));
            case "gelu_new":
                string cube = Node("Mul", [Node("Pow", [x, Scalar(3)]), Scalar(0.044715f)]);
                string inner = Node("Mul", [Node("Add", [x, cube]), Scalar(0.7978846f)]);
                return Node("Mul", [Node("Mul", [x, Scalar(0.5f)]), Node("Add", [Node("Tanh", [inner]), Scalar(1)])]);
            case "gelu" when style.OneGelu: return Node("Gelu", [x]);
            default:
                string erf = Node("Erf", [Node("Div", [x, Scalar(MathF.Sqrt(2))])]);
                return Node("Mul", [Node("Mul", [x, Node("Add", [erf, Scalar(1)])]), Scalar(0.5f)]);
        }
    }

    private string Shape(string x, int heads, long size)
    {
        if (style.Shape is { } stated)
            return Integers(stated);
        string length = Node("Unsqueeze", [Node("Gather", [Node("Shape", [x]), Integers(1)])]);
        return Node("Concat", [length, length, Integers(heads), Integers(size)]);
    }

    /// <summary>A tensor of the model under its own name.</summary>
    private string Named(string name)
    {
        string full = style.Prefix + name;
        if (written.ContainsKey(full))
            return full;
        (long[] shape, float[] w) = tensors[name];
        string content = style.Shares && shape.Length == 1 ? string.Join(',', w) : full;
        if (written.TryGetValue(content, out string? same))
            Write("Identity", [same], full, "");
        else
            Constant(full, shape, w);
        written.TryAdd(content, full);
        written.TryAdd(full, full);
        return full;
    }

    private string Scalar(float value) => Attribute(new ProtoMessage().Integer(2, 1).Block(9, Bytes([value])));

    private string Integers(params long[] numbers) => Attribute(
        new ProtoMessage().Integer(1, numbers.Length).Integer(2, 7).Block(9, Bytes(numbers)));

    private string Attribute(ProtoMessage tensor) => Node("Constant", [], "", ("value", tensor));

    private string Constant(string name, long[] shape, float[] w)
    {
        ProtoMessage tensor = new();
        foreach (long size in shape)
            tensor.Integer(1, size);
        tensor.Integer(2, style.Type);
        byte[] raw = style.Type switch
        {
            10 => Bytes(Array.ConvertAll(w, value => (Half)value)),
            11 => Bytes(Array.ConvertAll(w, value => (double)value)),
            _ => Bytes(w),
        };
        if (style.Beside is not null)
        {
            foreach ((string key, string value) in ((string, string)[])[
                ("location", style.Beside), ("offset", beside.Count.ToString(CultureInfo.InvariantCulture)),
                ("length", raw.Length.ToString(CultureInfo.InvariantCulture))])
                tensor.Message(13, new ProtoMessage().Text(1, key).Text(2, value));
            tensor.Text(8, name).Integer(14, 1);
            beside.AddRange(raw);
        }
        else if (style.Varints)
        {
            ProtoMessage numbers = new();
            foreach (ushort bits in MemoryMarshal.Cast<byte, ushort>(raw))
                numbers.Varint(bits);
            tensor.Block(5, numbers.Bytes).Text(8, name);
        }
        else
        {
            tensor.Text(8, name).Block(9, raw);
        }
        constants.Message(5, tensor);
        return name;
    }

    private string Node(string op, string[] inputs, string domain = "", params (string Name, object Value)[] attributes)
    {
        string output = (values++).ToString(CultureInfo.InvariantCulture);
        Write(op, inputs, output, domain, attributes);
        return output;
    }

    private void Write(
        string op, string[] inputs, string output, string domain, params (string Name, object Value)[] attributes)
    {
        ProtoMessage node = new();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(4, op);
        foreach ((string name, object value) in attributes)
        {
            ProtoMessage attribute = new ProtoMessage().Text(1, name);
            if (value is ProtoMessage tensor)
                attribute.Message(5, tensor);
            else if (value is float number)
                attribute.Float(2, number);
            else if (value is string text)
                attribute.Text(4, text);
            else if (value is long integer)
                attribute.Integer(3, integer);
            else
                foreach (long item in (long[])value)
                    attribute.Integer(8, item);
            node.Message(5, attribute);
        }
        if (domain.Length > 0)
            node.Text(7, domain);
        nodes.Message(1, node);
    }

    private static byte[] Bytes<T>(T[] numbers) where T : unmanaged =>
        MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
}
