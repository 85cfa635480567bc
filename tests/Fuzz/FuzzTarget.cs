namespace GauRuntime.Fuzz;

/// <summary>A parser, and what it may do with bytes that nobody vouches for.</summary>
/// <param name="Name">What it is called on the command line, and the folder of its inputs that are kept.</param>
/// <param name="Seeds">Makes sound inputs, the same ones every time.</param>
/// <param name="Parse">Reads an input whole: as far as the programs would.</param>
internal sealed record FuzzTarget(string Name, Func<IEnumerable<byte[]>> Seeds, Action<FuzzInput> Parse)
{
    /// <summary>Whether inputs name other files, so that one may be missing.</summary>
    public bool NamesFiles { get; init; }

    /// <summary>What may be allocated for any input, in bytes.</summary>
    public long FixedBytes { get; init; } = 4 << 20;

    /// <summary>What may be allocated besides for each byte of an input, in bytes.</summary>
    public long BytesPerByte { get; init; } = 256;
}

/// <summary>Bytes for a parser, and a folder in which they can be a file.</summary>
internal sealed record FuzzInput(byte[] Bytes, string Folder)
{
    /// <summary>Makes a file of the bytes, or of others that are made of them.</summary>
    /// <returns>Its path.</returns>
    public string File(string name, byte[]? bytes = null)
    {
        string path = Path.Combine(Folder, name);
        System.IO.File.WriteAllBytes(path, bytes ?? Bytes);
        return path;
    }

    /// <summary>Lays a file beside it that is the same for all inputs.</summary>
    public void Beside(string name, Func<byte[]> content)
    {
        string path = Path.Combine(Folder, name);
        if (!System.IO.File.Exists(path))
            System.IO.File.WriteAllBytes(path, content());
    }
}
