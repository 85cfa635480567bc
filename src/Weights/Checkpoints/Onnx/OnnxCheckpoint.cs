using System.Runtime.InteropServices;
using GauRuntime.Weights.Files;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// An ONNX model as a checkpoint: its weights under the names of the PyTorch model that was exported, and as that has
/// them. Nothing of its program is run.
/// </summary>
internal sealed class OnnxCheckpoint : ICheckpoint
{
    private const int MostFiles = 1000;

    private readonly FileView file;
    private readonly Dictionary<string, OnnxWeight> weights;
    private readonly Dictionary<string, FileView> others = new(StringComparer.Ordinal);   // beside the model

    /// <summary>Opens and checks a model, and the sizes of the files beside it that hold its weights.</summary>
    /// <exception cref="GauFormatException">One is malformed, or the model names files elsewhere.</exception>
    /// <exception cref="IOException">One is missing or cannot be read.</exception>
    public OnnxCheckpoint(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        file = FileView.Map(path);
        try
        {
            Graph = OnnxGraph.Read(file);
            IReadOnlyList<OnnxWeight> found = OnnxWeights.Find(Graph);
            weights = found.ToDictionary(weight => weight.Entry.Name, StringComparer.Ordinal);
            Tensors = [.. found.Select(weight => weight.Entry)];
            foreach (OnnxWeight weight in found)
                OpenFileOf(weight.Constant);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The program that it is.</summary>
    public OnnxGraph Graph { get; }

    /// <inheritdoc/>
    public CheckpointKind Kind => CheckpointKind.Onnx;

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>The files that hold weights besides the model.</summary>
    public IEnumerable<string> FilesBeside => others.Values.Select(other => other.Path);

    /// <summary>Reads a constant of the graph as it is stored.</summary>
    /// <param name="constant">One of the graph's, in the model itself or a weight.</param>
    /// <param name="destination">Exactly as many bytes as its values.</param>
    /// <exception cref="GauFormatException">A value is malformed, or the file changed.</exception>
    public void Read(OnnxTensor constant, Span<byte> destination)
    {
        Destination.Check(constant.Entry, destination);
        FileView holder = constant.File is null ? file : others[constant.File];
        if (!constant.AsVarints)
        {
            holder.Read(constant.Offset, destination);
            return;
        }
        ReadOnlySpan<byte> varints = holder.Span(constant.Offset, (int)constant.Length);
        int width = Elements.Width(constant.Entry.Type);
        for (int at = 0; at < destination.Length; at += width)
        {
            if (!Varint.TryRead(ref varints, out ulong number))
                throw OnnxTensor.Fault(Path, constant.Entry.Name, "a value that is malformed, or missing");
            MemoryMarshal.AsBytes<ulong>([number])[..width].CopyTo(destination[at..]);
        }
        if (!varints.IsEmpty)
            throw OnnxTensor.Fault(Path, constant.Entry.Name, "more values than its shape has");
    }

    /// <inheritdoc/>
    public void Read(TensorEntry tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Destination.Check(tensor, destination);
        OnnxWeight weight = weights[tensor.Name];
        if (!weight.Transposed)
        {
            Read(weight.Constant, destination);
            return;
        }
        byte[] stored = new byte[destination.Length];
        Read(weight.Constant, stored);
        Transpose(stored, destination, (int)tensor.Shape[0], (int)tensor.Shape[1], Elements.Width(tensor.Type));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        foreach (FileView other in others.Values)
            other.Dispose();
    }

    private void OpenFileOf(OnnxTensor constant)
    {
        if (constant.File is not { } name)
            return;
        if (!others.TryGetValue(name, out FileView? other))
        {
            if (others.Count == MostFiles)
                throw Graph.Fault($"weights in more than {MostFiles} files");
            other = FileView.Map(System.IO.Path.Join(System.IO.Path.GetDirectoryName(Path), name));
            others.Add(name, other);
        }
        if (constant.Offset > other.Length - constant.Length)
            throw new GauFormatException(other.Path, $"tensor '{constant.Entry.Name}'",
                $"ends at {(Int128)constant.Offset + constant.Length}, the file at {other.Length}: it was cut short; "
                + "copy or download it again");
    }

    /// <summary>w[r, c] = stored[c, r], tile by tile, so that both stay near.</summary>
    private static void Transpose(ReadOnlySpan<byte> stored, Span<byte> w, int rows, int columns, int width)
    {
        const int tile = 32;
        for (int r0 = 0; r0 < rows; r0 += tile)
            for (int c0 = 0; c0 < columns; c0 += tile)
                for (int r = r0; r < Math.Min(r0 + tile, rows); r++)
                    for (int c = c0; c < Math.Min(c0 + tile, columns); c++)
                        stored.Slice((c * rows + r) * width, width).CopyTo(w.Slice((r * columns + c) * width, width));
    }
}
