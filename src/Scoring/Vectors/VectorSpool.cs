using System.Runtime.InteropServices;
using GauRuntime.Search;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Scoring.Vectors;

/// <summary>
/// Vectors on their way into a temporary file, so that memory does not grow with them. The file is in the system's
/// folder for such files and is removed with the vectors.
/// </summary>
internal sealed class VectorSpool : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly string path = TemporaryPath.Of("gau-vectors");
    private readonly FileStream stream;
    private bool isMapped;

    /// <summary>Makes the file.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public VectorSpool() =>
        stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);

    /// <summary>How many vectors there are.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers of each; 0 while there is none.</summary>
    public int Dimensions { get; private set; }

    /// <summary>Adds a vector.</summary>
    /// <returns>False where it has other dimensions than those before.</returns>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public bool Add(ReadOnlySpan<float> vector)
    {
        if (Count == 0)
            Dimensions = vector.Length;
        if (vector.Length != Dimensions || vector.Length is 0 or > EmbeddingLimits.MostDimensions)
            return false;
        stream.Write(MemoryMarshal.AsBytes(vector));
        Count++;
        return true;
    }

    /// <summary>The vectors; nothing can be added any more.</summary>
    /// <param name="name">What messages call them.</param>
    public EmbeddingVectors Finish(string name)
    {
        stream.Dispose();
        if (Count == 0)
            return EmbeddingVectors.Of(ReadOnlyMemory<float>.Empty, Math.Max(1, Dimensions));
        EmbeddingVectors vectors = EmbeddingVectors.Over(FileView.Map(path), NumberType.Single, Dimensions, name);
        isMapped = true;
        // Nobody else needs the name, and without it nothing is left behind however the process ends.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return vectors;
    }

    /// <summary>Removes the file; after the vectors are disposed, if there are any.</summary>
    public void Dispose()
    {
        stream.Dispose();
        if (!isMapped || OperatingSystem.IsWindows())
            File.Delete(path);
    }
}
