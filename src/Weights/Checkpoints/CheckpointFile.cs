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
        if (start.StartsWith(Hdf5File.Signature)) return CheckpointKind.Keras;
        if (start.StartsWith("PK\x3\x4"u8))
        {
            TorchZip.FindPickle(file, ZipDirectory.Read(file));
            return CheckpointKind.Torch;
        }
        if (start.Length >= 2 && start[0] == 0x80 && start[1] is >= 2 and <= 5) return CheckpointKind.Torch;
        if (LooksLikeSafetensors(start, file.Length)) return CheckpointKind.Safetensors;
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

    private static bool LooksLikeSafetensors(ReadOnlySpan<byte> start, long length) =>
        start.Length > 8 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)length - 8;
}
