using System.Text;
using System.Text.Unicode;
using GauRuntime.Weights.Files;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Names and lists of numbers in the messages of an ONNX model.</summary>
internal static class OnnxNumbers
{
    private const int LongestName = 4096;

    /// <summary>A string.</summary>
    /// <exception cref="GauFormatException">It is no UTF-8, or absurdly long.</exception>
    public static string Text(string path, ReadOnlySpan<byte> bytes) =>
        bytes.Length <= LongestName && Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw new GauFormatException(path, "graph", bytes.Length > LongestName
                ? $"a name of {bytes.Length} bytes" : "a name that is not valid UTF-8");

    /// <summary>Signed numbers that stand together.</summary>
    /// <param name="path">The model, for messages.</param>
    /// <param name="bytes">Varints.</param>
    /// <param name="most">How many are kept; others are not.</param>
    /// <exception cref="GauFormatException">One is malformed.</exception>
    public static List<long> Varints(string path, ReadOnlySpan<byte> bytes, int most)
    {
        List<long> numbers = [];
        while (!bytes.IsEmpty && numbers.Count < most)
            numbers.Add(Varint.TryRead(ref bytes, out ulong number)
                ? (long)number : throw new GauFormatException(path, "graph", "a number that is malformed"));
        return numbers;
    }
}
