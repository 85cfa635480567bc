using System.Text;
using System.Text.Unicode;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Names what a file that is no checkpoint seems to be, so that a user sees what went wrong.</summary>
internal static class Lookalike
{
    /// <summary>What the first bytes of a file look like.</summary>
    public static string Name(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("version https://git-lfs"u8))
            return "a Git LFS pointer: the file itself was not downloaded";
        if (start.StartsWith("model_checkpoint_path:"u8))
            return "TensorFlow's note 'checkpoint': give the prefix it names";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b])) return "gzip data: decompress it first";
        if (start.StartsWith("PK"u8)) return "an empty or damaged zip archive";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd])) return "zstd data: decompress it first";
        if (start.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']))
            return "xz data: decompress it first";
        if (start.StartsWith("BZh"u8)) return "bzip2 data: decompress it first";
        if (start.StartsWith("7z"u8)) return "a 7-Zip archive";
        if (start.StartsWith("Rar!"u8)) return "a RAR archive";
        if (start.StartsWith("PAR1"u8)) return "a Parquet file";
        if (start.StartsWith("%PDF"u8)) return "a PDF document";
        if (start.StartsWith("GGUF"u8)) return "a GGUF model of llama.cpp";
        if (start.Length > 8 && start[4..].StartsWith("TFL3"u8)) return "a TensorFlow Lite model";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
            return "a NumPy array";
        // ModelProto: field 1, a small ir_version, then the producer's name or a later field.
        if (start.Length > 3 && start[0] == 8 && start[1] is > 0 and < 32 && start[2] is (0x12 or 0x3a))
            return "an ONNX model";
        return start.IndexOfAnyExcept((byte)0) < 0 ? "nothing but zero bytes" : Text(start);
    }

    private static string Text(ReadOnlySpan<byte> start)
    {
        // A character may be cut at the end of what was read.
        int length = start.Length;
        while (length > 0 && length > start.Length - 4 && !Utf8.IsValid(start[..length])) length--;
        if (length == 0 || !Utf8.IsValid(start[..length]) || start.IndexOfAnyInRange((byte)0, (byte)8) >= 0)
            return "unknown binary data";
        string text = Encoding.UTF8.GetString(start[..length]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) ||
            text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return "an HTML page: a download that ended on a web page";
        if (text.StartsWith('<')) return "XML";
        if (text.Contains("\"weight_map\"", StringComparison.Ordinal))
            return "the index of a checkpoint in several files, which is not supported: save it as one";
        return text.StartsWith('{') || text.StartsWith('[') ? "JSON text" : "a text file";
    }
}
