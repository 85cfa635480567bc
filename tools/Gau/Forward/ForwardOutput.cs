using System.Runtime.InteropServices;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Cli.Forward;

/// <summary>
/// A safetensors file of F32 tensors whose elements are written in any order; what is not written is zero.
/// </summary>
internal sealed class ForwardOutput
{
    private readonly FileStream stream;
    private readonly Dictionary<string, long> starts = [];

    /// <summary>Writes the header and makes room for the data.</summary>
    public ForwardOutput(FileStream stream, IReadOnlyList<(string Name, long[] Shape)> tensors)
    {
        this.stream = stream;
        TensorEntry[] entries = [.. tensors.Select(t => new TensorEntry(t.Name, ElementType.Float32, t.Shape))];
        long offset = SafetensorsWriter.WriteHeader(stream, entries);
        foreach (TensorEntry entry in entries)
        {
            starts[entry.Name] = offset;
            offset += entry.ByteLength;
        }
        stream.SetLength(offset);
    }

    /// <summary>Writes elements from index <paramref name="start"/> on.</summary>
    public void Write(string name, long start, ReadOnlySpan<float> values)
    {
        stream.Position = starts[name] + start * sizeof(float);
        stream.Write(MemoryMarshal.AsBytes(values)); // little-endian, like every machine .NET runs on
    }
}
