namespace GauRuntime.Weights.Checkpoints;

/// <summary>What every <see cref="ICheckpoint.Read"/> asks of its caller.</summary>
internal static class Destination
{
    /// <summary>Throws unless the tensor has a fixed width and the destination exactly its size.</summary>
    public static void Check(TensorEntry tensor, ReadOnlySpan<byte> destination)
    {
        if (Elements.Width(tensor.Type) == 0)
            throw new ArgumentException($"'{tensor.Name}' is listed only: {Elements.Name(tensor.Type)}",
                nameof(tensor));
        if (destination.Length != tensor.ByteLength)
            throw new ArgumentException(
                $"'{tensor.Name}' has {tensor.ByteLength} bytes, the destination {destination.Length}",
                nameof(destination));
    }
}
