namespace GauRuntime.Weights.Checkpoints;

/// <summary>A checkpoint of any kind: named tensors that can be read one at a time.</summary>
/// <remarks>
/// Opening checks the whole structure before anything is allocated from its numbers; a fault is a
/// <see cref="GauFormatException"/>. Not thread-safe: one reader at a time.
/// </remarks>
public interface ICheckpoint : IDisposable
{
    /// <summary>The kind of file.</summary>
    CheckpointKind Kind { get; }

    /// <summary>The file as the user named it.</summary>
    string Path { get; }

    /// <summary>The tensors, in file order. Names are unique.</summary>
    IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>
    /// What stands beside the tensors and is not read, as <c>name (class)</c>: objects of classes in a pickle, of which
    /// nothing is ever executed.
    /// </summary>
    IReadOnlyList<string> LeftOut => [];

    /// <summary>
    /// Reads all elements of a tensor, row-major and contiguous whatever its strides in the file, little-endian.
    /// </summary>
    /// <param name="tensor">One of <see cref="Tensors"/>, of a type with a fixed width.</param>
    /// <param name="destination">Exactly <see cref="TensorEntry.ByteLength"/> bytes.</param>
    /// <exception cref="GauFormatException">
    /// The data fails its checksum or the file changed since it was opened.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    void Read(TensorEntry tensor, Span<byte> destination);
}

/// <summary>The kinds of checkpoint, named as <c>gau-convert inspect</c> prints them.</summary>
public enum CheckpointKind
{
    /// <summary>TensorFlow V2 tensor bundle.</summary>
    TensorFlow,
    /// <summary>Keras 2 HDF5.</summary>
    Keras,
    /// <summary>PyTorch zip or legacy pickle container.</summary>
    Torch,
    /// <summary>safetensors.</summary>
    Safetensors,
    /// <summary>ONNX, as torch.onnx exports a PyTorch model.</summary>
    Onnx,
}
