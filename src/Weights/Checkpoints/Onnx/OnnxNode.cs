namespace GauRuntime.Weights.Checkpoints;

/// <summary>What a node says of itself beside its inputs (<c>AttributeProto</c>), as far as needed.</summary>
/// <param name="Ints">Whole numbers, one or several.</param>
/// <param name="Float">A number, or null.</param>
/// <param name="Text">A string, or null.</param>
/// <param name="Tensor">A tensor, or null.</param>
internal sealed record OnnxAttribute(IReadOnlyList<long> Ints, float? Float, string? Text, OnnxTensor? Tensor);

/// <summary>One operation of a graph (<c>NodeProto</c>).</summary>
/// <param name="Domain">Whose operation it is; empty for those of ONNX itself.</param>
/// <param name="Op">What it does.</param>
/// <param name="Inputs">The values it reads; an empty name leaves an input out.</param>
/// <param name="Outputs">The values it gives.</param>
/// <param name="Attributes">By name.</param>
internal sealed record OnnxNode(
    string Domain, string Op, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    private const int Most = 1000;   // inputs, outputs and attributes; an embedding of 24 layers has 50 in one node
    private static readonly Dictionary<string, OnnxAttribute> None = [];

    /// <summary>An input, or an empty name where there is none.</summary>
    public string Input(int i) => i < Inputs.Count ? Inputs[i] : "";

    /// <summary>The value that most operations give alone, or an empty name.</summary>
    public string Output => Outputs.Count > 0 ? Outputs[0] : "";

    /// <summary>A whole number that it says, or what holds where it does not.</summary>
    public long Integer(string name, long otherwise) =>
        Attributes.TryGetValue(name, out OnnxAttribute? found) && found.Ints is [var number, ..] ? number : otherwise;

    /// <summary>A number that it says, or what holds where it does not.</summary>
    public float Float(string name, float otherwise) =>
        Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Float ?? otherwise : otherwise;

    /// <summary>Reads a message.</summary>
    /// <param name="path">The model, for messages.</param>
    /// <param name="message">The message.</param>
    /// <param name="start">Where it begins in the model.</param>
    /// <exception cref="GauFormatException">It is malformed.</exception>
    public static OnnxNode Parse(string path, ReadOnlySpan<byte> message, long start)
    {
        ProtoReader reader = new(message);
        List<string> inputs = [], outputs = [];
        Dictionary<string, OnnxAttribute>? attributes = null;
        string domain = "", op = "";
        while (reader.TryField())
        {
            long offset = start + message.Length - reader.Rest.Length - reader.Bytes.Length;
            switch (reader.Field)
            {
                case 1:
                    inputs.Add(OnnxNumbers.Text(path, reader.Bytes));
                    break;
                case 2:
                    outputs.Add(OnnxNumbers.Text(path, reader.Bytes));
                    break;
                case 4:
                    op = OnnxNumbers.Text(path, reader.Bytes);
                    break;
                case 5:
                    (string name, OnnxAttribute attribute) = ParseAttribute(path, reader.Bytes, offset);
                    (attributes ??= [])[name] = attribute;
                    break;
                case 7:
                    domain = OnnxNumbers.Text(path, reader.Bytes);
                    break;
            }
            if (inputs.Count > Most || outputs.Count > Most || attributes?.Count > Most)
                throw new GauFormatException(path, $"offset {start}", $"a node with more than {Most} parts");
        }
        if (!reader.Rest.IsEmpty)
            throw new GauFormatException(path, $"offset {start}", "a node that is no well-formed message");
        return new OnnxNode(domain == "ai.onnx" ? "" : domain, op, inputs, outputs, attributes ?? None);
    }

    private static (string Name, OnnxAttribute Value) ParseAttribute(
        string path, ReadOnlySpan<byte> message, long start)
    {
        const int mostNumbers = 64;   // dimensions
        ProtoReader reader = new(message);
        string name = "";
        string? text = null;
        float? number = null;
        List<long> ints = [];
        OnnxTensor? tensor = null;
        while (reader.TryField())
        {
            long offset = start + message.Length - reader.Rest.Length - reader.Bytes.Length;
            switch (reader.Field)
            {
                case 1:
                    name = OnnxNumbers.Text(path, reader.Bytes);
                    break;
                case 2:
                    number = BitConverter.UInt32BitsToSingle((uint)reader.Number);
                    break;
                case 3:
                    ints.Add((long)reader.Number);
                    break;
                case 4 when reader.Bytes.Length <= 64:   // longer ones are notes
                    text = OnnxNumbers.Text(path, reader.Bytes);
                    break;
                case 5:
                    tensor = OnnxTensor.Parse(path, reader.Bytes, offset, name);
                    break;
                case 8 when reader.Wire == 0 && ints.Count < mostNumbers:
                    ints.Add((long)reader.Number);
                    break;
                case 8 when reader.Wire == 2:
                    ints.AddRange(OnnxNumbers.Varints(path, reader.Bytes, mostNumbers));
                    break;
            }
        }
        return reader.Rest.IsEmpty
            ? (name, new OnnxAttribute(ints, number, text, tensor))
            : throw new GauFormatException(path, $"offset {start}", "an attribute that is no well-formed message");
    }
}
