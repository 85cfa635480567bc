using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Reads what a checkpoint lists.</summary>
internal static class Tensors
{
    private static readonly byte[] Room = new byte[1 << 20];

    /// <summary>Reads every tensor that is not too large to be worth it.</summary>
    public static void ReadAll(ICheckpoint checkpoint)
    {
        foreach (TensorEntry tensor in checkpoint.Tensors)
        {
            if (Elements.Width(tensor.Type) != 0 && tensor.ByteLength <= Room.Length)
                checkpoint.Read(tensor, Room.AsSpan(0, (int)tensor.ByteLength));
        }
    }
}
