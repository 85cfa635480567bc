namespace GauRuntime.Weights.Checkpoints;

/// <summary>Names what a pickle is that torch did not write; not interpreted, for it may hold all weights.</summary>
internal static class PickleLookalike
{
    private const int Looked = 64 << 10;   // bytes

    /// <summary>The first bytes of the number that torch's containers begin with.</summary>
    private static ReadOnlySpan<byte> TorchMagic => [0x6c, 0xfc, 0x9c, 0x46, 0xf9];

    /// <summary>What beginning, end and name of a file show, and what to do; null where they show nothing.</summary>
    public static string? Name(FileView file)
    {
        ReadOnlySpan<byte> start = file.Span(0, (int)Math.Min(file.Length, Looked));
        ReadOnlySpan<byte> end = file.Span(file.Length - start.Length, start.Length);
        if (start[..Math.Min(start.Length, 64)].IndexOf(TorchMagic) >= 0)
            return null;
        string extension = Path.GetExtension(file.Path).ToLowerInvariant();
        if (extension is ".pdparams" or ".pdopt" || start.IndexOf("paddle"u8) >= 0
            || start.IndexOf("StructuredToParameterName@@"u8) >= 0 || end.IndexOf("StructuredToParameterName@@"u8) >= 0)
            return "PaddlePaddle weights (.pdparams), which are not supported: save them as PyTorch or safetensors "
                + "weights with the names of the PyTorch port";
        if (start.IndexOf("numpy"u8) >= 0 && start.IndexOf("_reconstruct"u8) >= 0)
            return "a pickle of NumPy arrays, not torch's (PaddlePaddle writes such files): save the weights with "
                + "torch.save(model.state_dict(), …), or as safetensors";
        return null;
    }
}
