using System.Buffers.Binary;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Tells the kinds of checkpoint apart by content, and opens them.</summary>
public static class CheckpointFile
{
    /// <summary>
    /// The kind of a file. Only a TensorFlow prefix and its data files, which have no mark, go by their names.
    /// </summary>
    /// <param name="path">A file, or the prefix of a TensorFlow checkpoint.</param>
    /// <exception cref="GauFormatException">It is no checkpoint; the reason names what it looks like.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static CheckpointKind Detect(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string index = BundlePath.Of(path).Index;
        if (index != path && File.Exists(index) && (!File.Exists(path) || BundlePath.IsData(path))) path = index;
        using FileView file = FileView.Map(path);
        ReadOnlySpan<byte> start = file.Span(0, (int)Math.Min(file.Length, 512));
        CheckpointKind? marked = KindOf(start, file.Length);
        if (marked == CheckpointKind.Torch && start.StartsWith(Zip))
            TorchZip.FindPickle(file, ZipDirectory.Read(file));
        if (marked is { } kind) return kind;
        if (TableFile.Is(file)) return CheckpointKind.TensorFlow;
        if (TarArchive.Is(file)) throw TarArchive.Refusal(path);
        if (Hdf5File.HasSignature(file)) return CheckpointKind.Keras;
        if (BundlePath.IsData(path)) RegularFile.RequireContent(index);
        throw new GauFormatException(path, "offset 0",
            $"no checkpoint of a known kind; it looks like {Lookalike.Name(start)}");
    }

    /// <summary>Opens a checkpoint of any kind but Keras, whose HDF5 only the converter reads.</summary>
    /// <exception cref="GauFormatException">It is no well-formed checkpoint, or an HDF5 file.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static ICheckpoint Open(string path) => Detect(path) switch
    {
        CheckpointKind.Safetensors => new SafetensorsCheckpoint(path),
        CheckpointKind.Torch => new TorchCheckpoint(path),
        CheckpointKind.TensorFlow => new TensorFlowCheckpoint(path),
        _ => throw new GauFormatException(path, "offset 0", "an HDF5 file (Keras), which has to be converted first"),
    };

    /// <summary>The kind that the first bytes show, or null where they show none.</summary>
    /// <param name="start">As many bytes as are there, 9 at most are looked at.</param>
    /// <param name="length">Size of the file in bytes.</param>
    internal static CheckpointKind? KindOf(ReadOnlySpan<byte> start, long length)
    {
        // First, because the length of a safetensors header can spell the marks of the others.
        if (LooksLikeSafetensors(start, length)) return CheckpointKind.Safetensors;
        if (start.StartsWith(Hdf5File.Signature)) return CheckpointKind.Keras;
        return start.StartsWith(Zip) || PickleMachine.IsStart(start) ? CheckpointKind.Torch : null;
    }

    private static ReadOnlySpan<byte> Zip => "PK\x3\x4"u8;

    /// <summary>
    /// A length that fits the file, or at least four bytes, and then a brace. No other kind has four zero bytes there:
    /// in a zip archive a brace would be the compression, in a pickle of torch the magic number stands in the way.
    /// </summary>
    private static bool LooksLikeSafetensors(ReadOnlySpan<byte> start, long length) =>
        start.Length > 8 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) is var header
        && (header <= uint.MaxValue || header <= (ulong)length - 8);
}
