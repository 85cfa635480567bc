namespace GauRuntime.Weights.Checkpoints;

/// <summary>Recognizes HDF5 files.</summary>
internal static class Hdf5File
{
    /// <summary>The eight bytes of the superblock.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Whether the signature stands at 0, 512, 1024, 2048, …: a user block may come before it.</summary>
    public static bool HasSignature(FileView file)
    {
        for (long at = 0; at <= file.Length - Signature.Length; at = at == 0 ? 512 : at * 2)
            if (file.Span(at, Signature.Length).SequenceEqual(Signature))
                return true;
        return false;
    }
}
