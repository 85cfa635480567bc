using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Tests.Text;

/// <summary>One number for all that a tokenizer makes of texts: ids, segments, places, counts, with and without limits.</summary>
internal static class TokenDigest
{
    private const int Texts = 120;
    private static readonly int[] Limits = [4, 7, 20, 64, int.MaxValue];

    /// <summary>SHA-256 over all settings of a dialect.</summary>
    internal static string Of(Dialect rules)
    {
        string[] texts = [.. RandomTexts.Of(seed: 1 + (int)rules, Texts)];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        EncodedText encoded = new();
        foreach (TokenizerConfig config in RandomTexts.Settings(rules))
        {
            GauTokenizer tokenizer = new(RandomTexts.Vocabulary, config);
            for (int i = 0; i < texts.Length; i++)
            {
                foreach (bool parseSpecial in (bool[])[false, true])
                {
                    tokenizer.Encode(texts[i], encoded, Limits[i % Limits.Length], parseSpecial);
                    Append(hash, encoded);
                    tokenizer.EncodePair(
                        texts[i], texts[(i + 1) % texts.Length], encoded, SegmentPolicy.Pairs,
                        Limits[(i + 1) % Limits.Length], parseSpecial);
                    Append(hash, encoded);
                }
                hash.AppendData(BitConverter.GetBytes(tokenizer.CountTokens(texts[i])));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, EncodedText encoded)
    {
        hash.AppendData(BitConverter.GetBytes(encoded.TotalTokens));
        hash.AppendData(BitConverter.GetBytes(encoded.IsEmpty));
        hash.AppendData(MemoryMarshal.AsBytes(encoded.Ids));
        hash.AppendData(MemoryMarshal.AsBytes(encoded.Segments));
        foreach (TokenSpan span in encoded.Spans)
            hash.AppendData(MemoryMarshal.AsBytes<int>([span.Text, span.Start, span.End]));
    }
}
