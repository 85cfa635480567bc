using System.Globalization;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Where a tensor's values are that stand in another file: facts that come one at a time.</summary>
internal sealed class OnnxExternal
{
    private string? location;
    private long offset;
    private long? length;

    /// <summary>Takes one fact, a <c>StringStringEntryProto</c>; what is not known says nothing of a place.</summary>
    /// <exception cref="GauFormatException">It is malformed, or leads out of the model's folder.</exception>
    public void Add(string path, string? tensor, ReadOnlySpan<byte> entry)
    {
        ProtoReader reader = new(entry);
        string key = "", value = "";
        while (reader.TryField())
        {
            if (reader.Field == 1)
                key = OnnxNumbers.Text(path, reader.Bytes);
            else if (reader.Field == 2)
                value = OnnxNumbers.Text(path, reader.Bytes);
        }
        switch (key)
        {
            case "location":
                Require(path, tensor, value);
                location = value;
                break;
            case "offset":
                offset = Number(path, tensor, value);
                break;
            case "length":
                length = Number(path, tensor, value);
                break;
        }
    }

    /// <summary>The tensor that has its values there.</summary>
    /// <exception cref="GauFormatException">No file is named, or the size is another than the shape's.</exception>
    public OnnxTensor Tensor(string path, TensorEntry entry)
    {
        if (location is null)
            throw OnnxTensor.Fault(path, entry.Name, "its values are said to be in another file, but in none");
        if (length is { } stated && stated != entry.ByteLength)
            throw OnnxTensor.Fault(path, entry.Name, $"{stated} bytes of values where {entry.ShapeText} of "
                + $"{Elements.Name(entry.Type)} has {entry.ByteLength}");
        return new OnnxTensor(entry, offset, entry.ByteLength) { File = location };
    }

    private static void Require(string path, string? tensor, string name)
    {
        if (!SiblingName.Is(name))
            throw OnnxTensor.Fault(path, tensor, $"'{name}' is no name of a file beside the model: refused");
        if (name == System.IO.Path.GetFileName(path))
            throw OnnxTensor.Fault(path, tensor, "its values are said to be in another file, which is the model");
    }

    private static long Number(string path, string? tensor, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture,
            out long number)
            ? number : throw OnnxTensor.Fault(path, tensor, $"'{text}' is no place in a file");
}
