using System.Buffers.Binary;
using System.Numerics;

namespace GauRuntime.Convert.Conversion;

/// <summary>SHA-256 where <see cref="OpenSsl"/> is missing. Source: FIPS 180-4, 5.1.1, 5.3.3 and 6.2.2.</summary>
internal static class PortableSha256
{
    private const int BlockBytes = 64, Rounds = 64;

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The digest of what a stream has left: 32 bytes.</summary>
    public static byte[] HashData(Stream stream)
    {
        uint[] state =
        [
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        ];
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        int read;
        while ((read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) == buffer.Length)
        {
            length += read;
            Compress(state, buffer);
        }
        length += read;
        byte[] last = new byte[(read + sizeof(long)) / BlockBytes * BlockBytes + BlockBytes];
        buffer.AsSpan(0, read).CopyTo(last);
        last[read] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(last.AsSpan(last.Length - sizeof(long)), length * 8);
        Compress(state, last);
        byte[] digest = new byte[state.Length * sizeof(uint)];
        for (int i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * sizeof(uint)), state[i]);
        return digest;
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> w = stackalloc uint[Rounds];
        for (; !blocks.IsEmpty; blocks = blocks[BlockBytes..])
        {
            for (int t = 0; t < 16; t++)
                w[t] = BinaryPrimitives.ReadUInt32BigEndian(blocks[(t * sizeof(uint))..]);
            for (int t = 16; t < Rounds; t++)
            {
                uint early = w[t - 15], late = w[t - 2];
                w[t] = w[t - 16] + w[t - 7]
                    + (Rotated(early, 7) ^ Rotated(early, 18) ^ early >> 3)
                    + (Rotated(late, 17) ^ Rotated(late, 19) ^ late >> 10);
            }
            Round(state, w);
        }
    }

    private static void Round(Span<uint> state, ReadOnlySpan<uint> w)
    {
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        (uint e, uint f, uint g, uint h) = (state[4], state[5], state[6], state[7]);
        for (int t = 0; t < Rounds; t++)
        {
            uint ofE = Rotated(e, 6) ^ Rotated(e, 11) ^ Rotated(e, 25);
            uint ofA = Rotated(a, 2) ^ Rotated(a, 13) ^ Rotated(a, 22);
            uint first = h + ofE + (e & f ^ ~e & g) + Constants[t] + w[t];
            uint second = ofA + (a & b ^ a & c ^ b & c);
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    private static uint Rotated(uint word, int bits) => BitOperations.RotateRight(word, bits);
}
