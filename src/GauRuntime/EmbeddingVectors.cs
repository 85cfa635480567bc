using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using GauRuntime.Search;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime;

/// <summary>
/// Vectors of one length, in memory or in a file that is mapped: what an <see cref="EmbeddingIndex"/> finds, and what
/// <see cref="NearDuplicates"/> and <see cref="EmbeddingClusters"/> group.
/// </summary>
/// <remarks>
/// A file must not be changed while it is used; whoever computes with it sees it and throws. Immutable and thread-safe.
/// </remarks>
public sealed class EmbeddingVectors : IDisposable
{
    private readonly ReadOnlyMemory<float> values;
    private readonly FileView? file;
    private readonly long offset;

    private EmbeddingVectors(ReadOnlyMemory<float> values, int count, int dimensions)
    {
        this.values = values;
        (Count, Dimensions, Name) = (count, dimensions, "vectors");
    }

    private EmbeddingVectors(FileView file, NumberType type, long offset, int count, int dimensions)
    {
        (this.file, this.offset) = (file, offset);
        (Count, Dimensions, Name, Type) = (count, dimensions, file.Path, type);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions { get; }

    internal NumberType Type { get; }

    /// <summary>What messages call them.</summary>
    internal string Name { get; private init; }

    /// <summary>Takes vectors in memory, without a copy.</summary>
    /// <param name="values">[vectors, dimensions], not changed meanwhile.</param>
    /// <param name="dimensions">Numbers of a vector, 1 to 65536.</param>
    /// <exception cref="ArgumentException">The values are no whole number of vectors.</exception>
    public static EmbeddingVectors Of(ReadOnlyMemory<float> values, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, EmbeddingLimits.MostDimensions);
        if (values.Length % dimensions != 0)
            throw new ArgumentException(
                $"{values.Length} numbers are no whole number of vectors of {dimensions}", nameof(values));
        return new EmbeddingVectors(values, values.Length / dimensions, dimensions);
    }

    /// <summary>Copies what an embedder gave.</summary>
    /// <param name="embeddings">All of one length.</param>
    /// <exception cref="ArgumentException">There are none, one is null, or there are two lengths.</exception>
    public static EmbeddingVectors Of(IReadOnlyList<TextEmbedding> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Count == 0)
            throw new ArgumentException("no vectors", nameof(embeddings));
        for (int i = 0; i < embeddings.Count; i++)
            _ = embeddings[i] ?? throw new ArgumentException($"vector {i} is null", nameof(embeddings));
        int dimensions = embeddings[0].Vector.Length;
        float[] values = new float[(long)embeddings.Count * dimensions];
        for (int i = 0; i < embeddings.Count; i++)
        {
            if (embeddings[i].Vector.Length != dimensions)
                throw new ArgumentException(
                    $"vector {i} has {embeddings[i].Vector.Length} numbers, the first {dimensions}",
                    nameof(embeddings));
            embeddings[i].Vector.CopyTo(values.AsMemory(i * dimensions));
        }
        return Of(values, dimensions);
    }

    /// <summary>
    /// Opens a file of NumPy's, such as <c>gau embed -o vectors.npy</c> writes: floats of 32 or 16 bits, or int8.
    /// </summary>
    /// <param name="path">The file: an array [vectors, dimensions] in C order.</param>
    /// <exception cref="GauFormatException">It is none.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static EmbeddingVectors OpenNpy(string path)
    {
        FileView file = FileView.Map(path);
        try
        {
            NpyLayout header = NpyLayout.Read(file);
            return new EmbeddingVectors(file, header.Type, header.Offset, (int)header.Rows, header.Columns);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes vectors that are all there is in a file.</summary>
    /// <param name="file">Taken over.</param>
    /// <param name="type">How numbers are stored.</param>
    /// <param name="dimensions">Numbers of a vector.</param>
    /// <param name="name">What messages call them.</param>
    internal static EmbeddingVectors Over(FileView file, NumberType type, int dimensions, string name) =>
        new(file, type, 0, (int)(file.Length / dimensions / type.Bytes()), dimensions) { Name = name };

    /// <summary>Copies vectors. Those of int8 come without their scale, as vectors of the same direction.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="destination">[vectors, dimensions]; its length says how many.</param>
    /// <exception cref="GauFormatException">The file became shorter since it was opened.</exception>
    public void CopyTo(int first, Span<float> destination)
    {
        Require(first, destination.Length);
        if (file is null)
        {
            values.Span.Slice(first * Dimensions, destination.Length).CopyTo(destination);
            return;
        }
        if (Type == NumberType.Single)
        {
            file.Read(At(first), MemoryMarshal.AsBytes(destination));
            return;
        }
        byte[] bytes = ArrayPool<byte>.Shared.Rent(destination.Length * Type.Bytes());
        Span<byte> stored = bytes.AsSpan(0, destination.Length * Type.Bytes());
        file.Read(At(first), stored);
        if (Type == NumberType.Half)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), destination);
        else
            TensorPrimitives.ConvertTruncating<sbyte, float>(MemoryMarshal.Cast<byte, sbyte>(stored), destination);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Copies vectors of int8 as they are stored.</summary>
    internal void CopyTo(int first, Span<sbyte> destination)
    {
        Require(first, destination.Length);
        file!.Read(At(first), MemoryMarshal.AsBytes(destination));
    }

    /// <summary>Throws where the file was changed since it was opened.</summary>
    /// <exception cref="IOException">It was.</exception>
    internal void RequireUnchanged() => file?.RequireUnchanged();

    /// <summary>The fault of a vector that has no direction: one of its numbers is not finite, or all are 0.</summary>
    internal GauFormatException NoDirection(int row, bool isZero) => new(
        Name, string.Create(CultureInfo.InvariantCulture, $"vector {row}"),
        isZero ? "all its numbers are 0: it has no direction, and no cosine" : "a number in it is not finite");

    /// <summary>Closes the file.</summary>
    public void Dispose() => file?.Dispose();

    private long At(int row) => offset + (long)row * Dimensions * Type.Bytes();

    private void Require(int first, int numbers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (numbers % Dimensions != 0 || first + (long)numbers / Dimensions > Count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"there are {Count} vectors of {Dimensions}");
    }
}
