namespace GauRuntime.Weights.Checkpoints;

/// <summary>The graph of an ONNX model: its operations and its constants. Nothing of it is ever run.</summary>
/// <remarks>
/// Field numbers are those of onnx.proto3 (onnx/onnx). The whole structure is checked when it is read, and what is
/// allocated for it is bounded; values of tensors are not looked at. Google.Protobuf would read the model whole into
/// memory, weights too, and needs what protoc makes of the schema.
/// </remarks>
internal sealed class OnnxGraph
{
    private const int MostNodes = 100_000, MostTensors = 100_000, MostEdges = 1_000_000;
    private const int MostSteps = 16;   // operations that hand a constant on

    private readonly Dictionary<string, OnnxTensor> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> readers = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> nodes = [];
    private readonly List<OnnxTensor> constants = [];
    private readonly string path;

    private OnnxGraph(string path) => this.path = path;

    /// <summary>Its operations, in order.</summary>
    public IReadOnlyList<OnnxNode> Nodes => nodes;

    /// <summary>Its constants, in order; names are unique.</summary>
    public IReadOnlyList<OnnxTensor> Constants => constants;

    /// <summary>Dimensions of the first input, or null where it does not say.</summary>
    public int? InputRank { get; private set; }

    /// <summary>Whether the first bytes of a file are those of a model.</summary>
    /// <param name="start">Three are looked at: <c>ir_version</c>, and a field that may follow it.</param>
    public static bool IsStart(ReadOnlySpan<byte> start) =>
        start.Length > 2 && start[0] == 0x08 && start[1] is > 1 and < 32
        && start[2] is 0x12 or 0x1a or 0x22 or 0x28 or 0x32 or 0x3a or 0x42;

    /// <summary>Reads a model.</summary>
    /// <exception cref="GauFormatException">It is malformed, or absurdly large.</exception>
    public static OnnxGraph Read(FileView file)
    {
        if (file.Length > int.MaxValue)
            throw new GauFormatException(file.Path, "file", $"{file.Length} bytes: a model of ONNX has at most 2 GiB, "
                + "and its further weights in files beside it");
        OnnxGraph graph = new(file.Path);
        ReadOnlySpan<byte> bytes = file.Span(0, (int)file.Length);
        ProtoReader reader = new(bytes);
        bool found = false;
        while (reader.TryField())
        {
            if (reader.Field != 7 || reader.Wire != 2)
                continue;
            if (found)
                throw graph.Fault("two graphs");
            found = true;
            graph.Parse(reader.Bytes, bytes.Length - reader.Rest.Length - reader.Bytes.Length);
        }
        if (!reader.Rest.IsEmpty)
            throw new GauFormatException(file.Path, $"offset {bytes.Length - reader.Rest.Length}",
                "no well-formed ONNX model: it was cut or damaged, copy or download it again");
        return found ? graph : throw graph.Fault("an ONNX model without a graph");
    }

    /// <summary>The operation that gives a value, or null.</summary>
    public OnnxNode? ProducerOf(string value) => producers.GetValueOrDefault(value);

    /// <summary>The operations that read a value.</summary>
    public IReadOnlyList<OnnxNode> ReadersOf(string value) =>
        readers.TryGetValue(value, out List<OnnxNode>? found) ? found : [];

    /// <summary>The constant that a value is, maybe handed on, cast or transposed; or null.</summary>
    /// <param name="value">The value.</param>
    /// <param name="transposed">Whether it is transposed on the way.</param>
    /// <param name="isNamed">
    /// Which name of it on the way to look for; exporters give one constant several where its values are the same.
    /// </param>
    /// <param name="name">The first such name, or null.</param>
    public OnnxTensor? ConstantOf(
        string value, out bool transposed, Func<string, bool> isNamed, out string? name)
    {
        transposed = false;
        name = null;
        for (int step = 0; step < MostSteps; step++)
        {
            if (name is null && isNamed(value))
                name = value;
            if (tensors.TryGetValue(value, out OnnxTensor? tensor))
                return tensor;
            if (!producers.TryGetValue(value, out OnnxNode? node))
                return null;
            if (node.Op == "Transpose" && IsMatrixTranspose(node))
                transposed = !transposed;
            else if (!IsHandedOn(node))
                return null;
            value = node.Input(0);
        }
        return null;
    }

    /// <summary>As above, of a value that is not transposed.</summary>
    public OnnxTensor? ConstantOf(string value) =>
        ConstantOf(value, out bool transposed, _ => false, out _) is { } found && !transposed ? found : null;

    /// <summary>Whether an operation gives what it reads, but for the type.</summary>
    public static bool IsHandedOn(OnnxNode node) => node.Op is "Identity" or "Cast" or "Dropout";

    /// <summary>The error of the graph.</summary>
    public GauFormatException Fault(string reason) => new(path, "graph", reason);

    private static bool IsMatrixTranspose(OnnxNode node) =>
        !node.Attributes.TryGetValue("perm", out OnnxAttribute? order) || order.Ints is [1, 0];

    private void Parse(ReadOnlySpan<byte> message, long start)
    {
        ProtoReader reader = new(message);
        int edges = 0;
        while (reader.TryField())
        {
            if (reader.Wire != 2)
                continue;
            long offset = start + message.Length - reader.Rest.Length - reader.Bytes.Length;
            switch (reader.Field)
            {
                case 1:
                    OnnxNode node = OnnxNode.Parse(path, reader.Bytes, offset);
                    edges += node.Inputs.Count + node.Outputs.Count + node.Attributes.Count;
                    Add(node);
                    break;
                case 5:
                    Add(OnnxTensor.Parse(path, reader.Bytes, offset));
                    break;
                case 11:
                    InputRank ??= RankOf(reader.Bytes);
                    break;
                case 15:
                    throw Fault("sparse tensors are not supported");
            }
            if (nodes.Count > MostNodes || constants.Count > MostTensors || edges > MostEdges)
                throw Fault($"more than {MostNodes} operations, {MostTensors} tensors or {MostEdges} names of values");
        }
        if (!reader.Rest.IsEmpty)
            throw new GauFormatException(path, $"offset {start + message.Length - reader.Rest.Length}",
                "the graph is no well-formed message: it was cut or damaged, copy or download it again");
    }

    private void Add(OnnxNode node)
    {
        nodes.Add(node);
        foreach (string output in node.Outputs)
            if (output.Length > 0 && !producers.TryAdd(output, node))
                throw Fault($"two operations give the value '{output}'");
        foreach (string input in node.Inputs)
        {
            if (input.Length == 0)
                continue;
            if (!readers.TryGetValue(input, out List<OnnxNode>? found))
                readers.Add(input, found = []);
            if (found.Count == 0 || found[^1] != node)   // it may read a value twice
                found.Add(node);
        }
        if (node is { Op: "Constant", Outputs: [var name] } && node.Attributes.TryGetValue("value", out var value)
            && value.Tensor is { } tensor)
            Add(tensor with { Entry = tensor.Entry with { Name = name } });
    }

    private void Add(OnnxTensor tensor)
    {
        if (!tensors.TryAdd(tensor.Entry.Name, tensor))
            throw OnnxTensor.Fault(path, tensor.Entry.Name, "the name occurs twice");
        constants.Add(tensor);
    }

    // ValueInfoProto.type, TypeProto.tensor_type, Tensor.shape, and then as many dimensions.
    private static int? RankOf(ReadOnlySpan<byte> input)
    {
        foreach (int field in (ReadOnlySpan<int>)[2, 1, 2])
        {
            ProtoReader reader = new(input);
            bool found = false;
            while (!found && reader.TryField())
                found = reader.Field == field && reader.Wire == 2;
            if (!found)
                return null;
            input = reader.Bytes;
        }
        ProtoReader shape = new(input);
        int rank = 0;
        while (shape.TryField())
            rank += shape.Field == 1 ? 1 : 0;
        return rank;
    }
}
