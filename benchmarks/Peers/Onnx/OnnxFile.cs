using System.Runtime.InteropServices;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>An ONNX model being written: nodes, and weights with their raw data. Below 2 GB in all.</summary>
/// <remarks>Field numbers and element types are those of onnx.proto3.</remarks>
internal sealed class OnnxFile
{
    public const int Float = 1, UInt8 = 2, Int8 = 3, Int32 = 6, Int64 = 7;

    private const int IrVersion = 10, Opset = 21;

    private readonly ProtoMessage nodes = new();
    private readonly List<(ProtoMessage Head, byte[] Data)> tensors = [];
    private readonly ProtoMessage edges = new();
    private int values;

    /// <summary>A graph input.</summary>
    public string Input(string name, int type, params string[] axes)
    {
        edges.Message(11, Edge(name, type, axes));
        return name;
    }

    /// <summary>A graph output.</summary>
    public void Output(string name, params string[] axes) => edges.Message(12, Edge(name, Float, axes));

    /// <summary>A constant of a shape; returns its name.</summary>
    public string Tensor<T>(ReadOnlySpan<T> data, params long[] shape) where T : unmanaged
    {
        int type = default(T) switch
        {
            float => Float, byte => UInt8, sbyte => Int8, int => Int32, long => Int64,
            _ => throw new NotSupportedException(typeof(T).Name),
        };
        string name = NewName();
        byte[] raw = MemoryMarshal.AsBytes(data).ToArray();
        ProtoMessage head = new();
        foreach (long size in shape)
            head.Integer(1, size);
        tensors.Add((head.Integer(2, type).Text(8, name).Length(9, raw.Length), raw));
        return name;
    }

    public string Scalar(float value) => Tensor<float>([value]);

    /// <summary>A node with one output of standard ONNX.</summary>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes) =>
        Node("", op, inputs, 1, attributes)[0];

    /// <summary>A node with one output of ONNX Runtime's own domain.</summary>
    public string Contrib(string op, string[] inputs, params (string Name, object Value)[] attributes) =>
        Node("com.microsoft", op, inputs, 1, attributes)[0];

    /// <summary>A node; empty input names leave optional inputs out.</summary>
    public string[] Node(
        string domain, string op, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => NewName())];
        ProtoMessage node = new();
        foreach (string input in inputs)
            node.Text(1, input);
        foreach (string output in names)
            node.Text(2, output);
        node.Text(3, "n" + names[0]).Text(4, op);
        foreach ((string name, object value) in attributes)
            node.Message(5, Attribute(name, value));
        if (domain.Length > 0)
            node.Text(7, domain);
        nodes.Message(1, node);
        return names;
    }

    /// <summary>Writes the model.</summary>
    public void Write(string path)
    {
        ProtoMessage model = new ProtoMessage().Integer(1, IrVersion).Text(2, "GauRuntime.Benchmarks.Peers");
        foreach ((string domain, int version) in ((string, int)[])[("", Opset), ("com.microsoft", 1)])
            model.Message(8, new ProtoMessage().Text(1, domain).Integer(2, version));
        ProtoMessage name = new ProtoMessage().Text(2, "encoder");
        (ProtoMessage Head, byte[] Data)[] initializers =
            [.. tensors.Select(t => (new ProtoMessage().Length(5, t.Head.Bytes.Length + (long)t.Data.Length), t.Data))];
        long length = nodes.Bytes.Length + name.Bytes.Length + edges.Bytes.Length
            + tensors.Zip(initializers).Sum(
                t => t.First.Head.Bytes.Length + (long)t.First.Data.Length + t.Second.Head.Bytes.Length);
        using FileStream file = File.Create(path);
        file.Write(model.Length(7, length).Bytes);
        file.Write(nodes.Bytes);
        file.Write(name.Bytes);
        for (int i = 0; i < tensors.Count; i++)
        {
            file.Write(initializers[i].Head.Bytes);
            file.Write(tensors[i].Head.Bytes);
            file.Write(tensors[i].Data);
        }
        file.Write(edges.Bytes);
    }

    private string NewName() => "v" + values++;

    private static ProtoMessage Attribute(string name, object value)
    {
        ProtoMessage attribute = new ProtoMessage().Text(1, name);
        switch (value)
        {
            case float number: return attribute.Float(2, number).Integer(20, 1);
            case int number: return attribute.Integer(3, number).Integer(20, 2);
            case long[] numbers:
                foreach (long number in numbers)
                    attribute.Integer(8, number);
                return attribute.Integer(20, 7);
            default: throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static ProtoMessage Edge(string name, int type, string[] axes)
    {
        ProtoMessage shape = new();
        foreach (string axis in axes)
            shape.Message(1, long.TryParse(axis, out long size)
                ? new ProtoMessage().Integer(1, size)
                : new ProtoMessage().Text(2, axis));
        ProtoMessage tensor = new ProtoMessage().Integer(1, type).Message(2, shape);
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
    }
}
