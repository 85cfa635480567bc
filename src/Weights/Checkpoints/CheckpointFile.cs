using System.Buffers.Binary;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Tells the kinds of checkpoint apart by content, and opens them.</summary>
public static class CheckpointFile
{
    /// <summary>
    /// The kind of a file. Only a TensorFlow prefix and its data files, which have no mark, go by their names.
    /// </summary>
    /// <param name="path">A file, the index of several, or the prefix of a TensorFlow checkpoint.</param>
    /// <exception cref="GauFormatException">It is no checkpoint; the reason names what it looks like.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static CheckpointKind Detect(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string index = BundlePath.Of(path).Index;
        if (index != path && File.Exists(index) && (!File.Exists(path) || BundlePath.IsData(path)))
            path = index;
        using FileView file = FileView.Map(path);
        return KindOf(file) ?? ShardIndex.Find(file)?.Kind ?? throw Unknown(file);
    }

    /// <summary>As <see cref="Detect"/>, of a file that holds tensors itself: no index of several.</summary>
    internal static CheckpointKind DetectFile(string path)
    {
        using FileView file = FileView.Map(path);
        return KindOf(file) ?? throw Unknown(file);
    }

    /// <summary>Opens a checkpoint of any kind but Keras, whose HDF5 only the converter reads.</summary>
    /// <param name="path">As for <see cref="Detect"/>.</param>
    /// <exception cref="GauFormatException">It is no well-formed checkpoint, or an HDF5 file.</exception>
    /// <exception cref="IOException">It, or one of its files, is missing or cannot be read.</exception>
    public static ICheckpoint Open(string path)
    {
        CheckpointKind kind = Detect(path);
        return kind is CheckpointKind.Safetensors or CheckpointKind.Torch && ShardIndex.Find(path) is { } index
            ? new ShardedCheckpoint(index)
            : OpenFile(path, kind);
    }

    /// <summary>Opens a checkpoint of a known kind.</summary>
    internal static ICheckpoint OpenFile(string path, CheckpointKind kind) => kind switch
    {
        CheckpointKind.Safetensors => new SafetensorsCheckpoint(path),
        CheckpointKind.Torch => new TorchCheckpoint(path),
        CheckpointKind.TensorFlow => new TensorFlowCheckpoint(path),
        CheckpointKind.Onnx => new OnnxCheckpoint(path),
        _ => throw new GauFormatException(path, "offset 0", "an HDF5 file (Keras), which has to be converted first"),
    };

    private static CheckpointKind? KindOf(FileView file)
    {
        ReadOnlySpan<byte> start = file.Span(0, (int)Math.Min(file.Length, 512));
        CheckpointKind? marked = KindOf(start, file.Length);
        if (marked == CheckpointKind.Torch && start.StartsWith(Zip))
            TorchZip.Require(file);
        if (marked is not null)
            return marked;
        if (TableFile.Is(file))
            return CheckpointKind.TensorFlow;
        if (TarArchive.Is(file))
            throw TarArchive.Refusal(file.Path);
        return Hdf5File.HasSignature(file) ? CheckpointKind.Keras : null;
    }

    private static GauFormatException Unknown(FileView file)
    {
        if (BundlePath.IsData(file.Path))
            RegularFile.RequireContent(BundlePath.Of(file.Path).Index);
        ReadOnlySpan<byte> start = file.Span(0, (int)Math.Min(file.Length, 512));
        return new GauFormatException(file.Path, "offset 0",
            $"no checkpoint of a known kind; it looks like {Lookalike.Name(start, file.Path)}");
    }

    /// <summary>The kind that the first bytes show, or null where they show none.</summary>
    /// <param name="start">As many bytes as are there, 9 at most are looked at.</param>
    /// <param name="length">Size of the file in bytes.</param>
    internal static CheckpointKind? KindOf(ReadOnlySpan<byte> start, long length)
    {
        // First, because the length of a safetensors header can spell the marks of the others.
        if (LooksLikeSafetensors(start, length))
            return CheckpointKind.Safetensors;
        if (start.StartsWith(Hdf5File.Signature))
            return CheckpointKind.Keras;
        if (start.StartsWith(Zip) || PickleMachine.IsStart(start))
            return CheckpointKind.Torch;
        return OnnxGraph.IsStart(start) ? CheckpointKind.Onnx : null;
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
