using System.Security.Cryptography;
using System.Text;

namespace GauRuntime.Convert.Conversion;

/// <summary>SHA-256 of a checkpoint.</summary>
internal static class SourceHash
{
    /// <summary>
    /// That of its weights; of a folder of sentence-transformers also of the files that say what vectors it makes.
    /// </summary>
    public static string Of(CheckpointSource source) => Of(source.Sentence is { } sentence
        ? [.. source.Files.Concat(sentence.Files().Where(File.Exists)).Order(StringComparer.Ordinal)]
        : source.Files);

    /// <summary>
    /// That of its file; of several, that of the lines with the digest of each, so that the same bytes cut into other
    /// files are another checkpoint.
    /// </summary>
    public static string Of(IReadOnlyList<string> files) => files.Count == 1
        ? OfFile(files[0])
        : Of(new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(files.Select(file => OfFile(file) + "\n")))));

    private static string OfFile(string file)
    {
        using FileStream stream =
            new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        return Of(stream);
    }

    private static string Of(Stream stream) => System.Convert.ToHexStringLower(
        OpenSsl.IsThere ? SHA256.HashData(stream) : PortableSha256.HashData(stream));
}
