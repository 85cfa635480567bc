using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using GauRuntime.Evaluation.Explanation;

namespace GauRuntime.Cli.Explain;

/// <summary>A layer's attention as a PNG of n × n points: one colour, the more opaque the greater the weight.</summary>
internal static class MapImage
{
    private const byte Red = 224, Green = 92, Blue = 20;   // to be seen on white and on black

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>The greatest weight of a layer.</summary>
    public static float Greatest(TextExplanation explanation, int layer)
    {
        float greatest = 0;
        for (int query = 0; query < explanation.Tokens.Count; query++)
        {
            foreach (float weight in explanation.Attention(layer, query))
                greatest = Math.Max(greatest, weight);
        }
        return greatest;
    }

    /// <summary>The image as a URL that holds it.</summary>
    public static string Url(TextExplanation explanation, int layer)
    {
        int n = explanation.Tokens.Count;
        float greatest = Greatest(explanation, layer);
        byte[] points = new byte[n * (n + 1)];   // per row a filter type, 0, and indices of opacities
        for (int query = 0; query < n; query++)
        {
            ReadOnlySpan<float> row = explanation.Attention(layer, query);
            for (int key = 0; key < n; key++)
                points[query * (n + 1) + 1 + key] = Opacity(row[key], greatest);
        }
        return "data:image/png;base64," + Convert.ToBase64String(Png(n, points));
    }

    private static byte Opacity(float weight, float greatest) =>
        greatest > 0 ? (byte)Math.Round(255 * Math.Sqrt(Math.Max(0, weight) / greatest)) : (byte)0;

    private static byte[] Png(int n, byte[] points)
    {
        using MemoryStream png = new();
        png.Write(Signature);
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0];   // 8 bits, palette
        BinaryPrimitives.WriteInt32BigEndian(header, n);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), n);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "PLTE"u8, [.. Enumerable.Range(0, 256).SelectMany(_ => (byte[])[Red, Green, Blue])]);
        Chunk(png, "tRNS"u8, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(points);
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32([.. type, .. data]));
        png.Write(number);
    }
}
