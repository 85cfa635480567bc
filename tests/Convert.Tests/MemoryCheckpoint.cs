using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Tests;

/// <summary>Names and shapes of a checkpoint of any kind, without a file.</summary>
internal sealed class MemoryCheckpoint(CheckpointKind kind, params (string Name, long[] Shape)[] tensors) : ICheckpoint
{
    public CheckpointKind Kind => kind;

    public string Path => "memory";

    public IReadOnlyList<TensorEntry> Tensors { get; } =
        [.. tensors.Select(tensor => new TensorEntry(tensor.Name, ElementType.Float32, tensor.Shape))];

    public void Read(TensorEntry tensor, Span<byte> destination) => destination.Clear();

    public void Dispose()
    {
    }
}
