using System.Text;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Tests.Encoded;

/// <summary>Makes bytes of text with the base library's means.</summary>
internal static class EncodedBytes
{
    public static byte[] Of(TextEncoding encoding, string text, bool mark = false) =>
        Encoder(encoding).GetBytes(mark ? "\uFEFF" + text : text);

    private static Encoding Encoder(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Gb18030 => CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!,
        TextEncoding.Utf16LittleEndian => Encoding.Unicode,
        TextEncoding.Utf16BigEndian => Encoding.BigEndianUnicode,
        _ => Encoding.UTF8,
    };
}
