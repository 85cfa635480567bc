namespace GauRuntime.Weights.Checkpoints;

/// <summary>A safetensors file as a checkpoint.</summary>
internal sealed class SafetensorsCheckpoint : ICheckpoint
{
    private readonly SafetensorsFile file;

    /// <summary>Opens and checks a file; see <see cref="SafetensorsFile.Open(string)"/> for the errors.</summary>
    public SafetensorsCheckpoint(string path) => file = SafetensorsFile.Open(path);

    /// <inheritdoc/>
    public CheckpointKind Kind => CheckpointKind.Safetensors;

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Tensors => file.Tensors;

    /// <inheritdoc/>
    public void Read(TensorEntry tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Destination.Check(tensor, destination);
        file.Read(tensor, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
