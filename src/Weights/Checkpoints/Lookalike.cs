using System.Text;
using System.Text.Unicode;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Names what a file that is no checkpoint seems to be, and what to do.</summary>
internal static class Lookalike
{
    private const string AsPort =
        "save the weights of the PyTorch model it was made from, as safetensors or pytorch_model.bin";

    private const string Flax = $"Flax weights (msgpack), which are not supported: {AsPort}";

    private const string Zip = "an empty or damaged zip archive";

    private const int Quoted = 40;   // characters of a text

    private static readonly (byte[] Mark, string Name)[] Marks =
    [
        ([0x1f, 0x8b], "gzip data: decompress it first"),
        ("PK\x03\x04"u8.ToArray(), Zip),
        ("PK\x05\x06"u8.ToArray(), Zip),
        ("PK\x07\x08"u8.ToArray(), Zip),
        ([0x28, 0xb5, 0x2f, 0xfd], "zstd data: decompress it first"),
        ([0xfd, .. "7zXZ"u8], "xz data: decompress it first"),
        ("BZh"u8.ToArray(), "bzip2 data: decompress it first"),
        ([.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c], "a 7-Zip archive: unpack it first"),
        ("Rar!"u8.ToArray(), "a RAR archive: unpack it first"),
        ("PAR1"u8.ToArray(), "a Parquet file"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ("GGUF"u8.ToArray(), $"a GGUF model of llama.cpp, which is not supported: {AsPort}"),
        ("lmgg"u8.ToArray(), $"a GGML model, which is not supported: {AsPort}"),
        ("tjgg"u8.ToArray(), $"a GGML model, which is not supported: {AsPort}"),
        ([0x93, .. "NUMPY"u8], "a NumPy array, which is not supported: save the weights as safetensors"),
        ([0x12, 0x01, 0, 0, 0, 0, 0, 0], $"MXNet parameters, which are not supported: {AsPort}"),
        // SavedModel: field 1 saved_model_schema_version = 1, field 2 meta_graphs.
        ([8, 1, 0x12], "a TensorFlow SavedModel, a program with its weights: name the checkpoint it was made from, or "
            + "save the Keras weights as HDF5 (.h5)"),
    ];

    /// <summary>What the first bytes of a file look like.</summary>
    /// <param name="start">As many as are there; 512 suffice.</param>
    /// <param name="path">Its name, which tells where the bytes do not.</param>
    public static string Name(ReadOnlySpan<byte> start, string path)
    {
        if (Stub(start) is { } stub)
            return stub;
        if (start.StartsWith("model_checkpoint_path:"u8))
            return "TensorFlow's note 'checkpoint': give the prefix it names";
        foreach ((byte[] mark, string name) in Marks)
            if (start.StartsWith(mark))
                return name;
        if (start.Length > 8 && start[4..].StartsWith("TFL3"u8))
            return $"a TensorFlow Lite model, which is not supported: {AsPort}";
        if (IsFlax(start))
            return Flax;
        return Text(start) ?? OfName(path) ?? (start.IndexOfAnyExcept((byte)0) < 0
            ? "nothing but zero bytes, as a download that was broken off leaves them: download it again"
            : "unknown binary data, or a file that was cut or damaged: copy or download it again");
    }

    /// <summary>What stands for another file: a pointer, or the page that was met instead; else null.</summary>
    public static string? Stub(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("version https://git-lfs"u8))
            return "a Git LFS pointer: the file itself was not downloaded (git lfs pull)";
        if (start.StartsWith("/annex/objects/"u8) || start.StartsWith("../.git/annex"u8))
            return "a git-annex pointer: the file itself was not downloaded (git annex get)";
        ReadOnlySpan<byte> content = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        content = content.TrimStart(" \t\r\n"u8);
        string head = Encoding.ASCII.GetString(content[..Math.Min(content.Length, 16)]);
        if (head.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || head.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || head.StartsWith("<head", StringComparison.OrdinalIgnoreCase))
            return "an HTML page: a download that ended on a web page; download the file itself";
        return head.StartsWith("<?xml", StringComparison.Ordinal) || head.StartsWith("<Error", StringComparison.Ordinal)
            ? "XML, perhaps the answer of a server that did not have the file: download it again"
            : null;
    }

    /// <summary>A small map, whose first key is text.</summary>
    private static bool IsFlax(ReadOnlySpan<byte> start)
    {
        if (start.Length < 8)
            return false;
        int key = start[0] switch { >= 0x81 and <= 0x8f => 1, 0xde => 3, 0xdf => 5, _ => 0 };
        if (key == 0)
            return false;
        (int first, int length) = start[key] switch
        {
            >= 0xa1 and <= 0xbf => (key + 1, start[key] & 0x1f),
            0xd9 => (key + 2, start[key + 1]),
            _ => (0, 0),
        };
        return length > 0 && start[first..].Length >= length
            && !start.Slice(first, length).ContainsAnyExceptInRange((byte)' ', (byte)'~');
    }

    private static string? OfName(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".pdparams" or ".pdiparams" or ".pdmodel" or ".pdopt" =>
            $"a file of PaddlePaddle, which is not supported: {AsPort}",
        ".onnx" => "an ONNX model without its beginning: it was cut or damaged, copy or download it again",
        ".msgpack" => Flax,
        ".meta" => "the graph of a TensorFlow checkpoint: give its prefix, the name without .meta",
        ".index" => "the index of a TensorFlow checkpoint without its end: it was cut or damaged, copy or download it "
            + "again",
        ".pb" => "a TensorFlow graph, a program: give the checkpoint it was made from",
        _ => null,
    };

    private static string? Text(ReadOnlySpan<byte> start)
    {
        // A character may be cut at the end of what was read.
        int length = start.Length;
        while (length > 0 && length > start.Length - 4 && !Utf8.IsValid(start[..length]))
            length--;
        if (length == 0 || !Utf8.IsValid(start[..length]) || start.IndexOfAnyInRange((byte)0, (byte)8) >= 0
            || start.IndexOfAnyInRange((byte)0x0e, (byte)0x1a) >= 0)
            return null;
        string text = Encoding.UTF8.GetString(start[..length]).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        string shown = $"'{Printable.Shortened(text, Quoted)}'";
        if (text.StartsWith('{') || text.StartsWith('['))
            return $"JSON text, {shown}";
        return text.StartsWith('<') ? $"XML, {shown}" : $"a text file, {shown}";
    }
}
