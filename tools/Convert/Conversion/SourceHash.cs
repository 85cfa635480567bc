using System.Security.Cryptography;

namespace GauRuntime.Convert.Conversion;

/// <summary>SHA-256 of the files of a checkpoint, one after the other.</summary>
internal static class SourceHash
{
    public static string Of(IEnumerable<string> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        foreach (string file in files)
        {
            using FileStream stream =
                new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        }
        return System.Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
