using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace GauRuntime.Fuzz;

/// <summary>Changes inputs as faults, cuts and lies would; the same seed makes the same changes everywhere.</summary>
internal sealed class Mutator(int seed)
{
    private const int Window = 512;   // headers and footers are the smaller part of the bytes, and the more dangerous one

    private static readonly long[] Boundaries =
    [
        0, 1, 2, 3, 7, 8, 15, 16, 63, 64, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 1 << 20, 1 << 30,
        int.MaxValue, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue, -1, -2, -128,
    ];

    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "\"", "'", ",", ":", "[", "]", "{", "}", "[[[[[[[[", "{\"\":", "null", "true", "-1", "0", "1e999", "1.0", "NaN",
            "9223372036854775808", "\\ud800", "\\u0000", "\0", "\r\n", "\n", "\t", ";", "\uFEFF", "一", "😀", "../x",
            "4294967295",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ];

    private readonly Random random = new(seed);

    /// <summary>Changes an input in one to eight ways.</summary>
    /// <param name="input">It is left as it is.</param>
    /// <param name="others">Inputs of which parts may come.</param>
    public byte[] Change(byte[] input, IReadOnlyList<byte[]> others)
    {
        List<byte> bytes = [.. input];
        for (int left = 1 << random.Next(4); left > 0; left--)
            ChangeOnce(bytes, others[random.Next(others.Count)], mostBytes: 4096 + 2 * input.Length);
        return [.. bytes];
    }

    private void ChangeOnce(List<byte> bytes, byte[] other, int mostBytes)
    {
        int way = random.Next(11);
        if (bytes.Count == 0 || way < 4 && bytes.Count < mostBytes)
        {
            bytes.InsertRange(PlaceIn(bytes.Count + 1), way switch
            {
                0 => PartOf(bytes),
                1 => PartOf(other),
                2 => Words[random.Next(Words.Length)],
                _ => Noise(),
            });
            return;
        }
        int at = PlaceIn(bytes.Count);
        switch (way)
        {
            case 4: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 5: bytes[at] = (byte)random.Next(256); break;
            case 6: bytes[at] = (byte)(bytes[at] + random.Next(-16, 17)); break;
            case 7: Overwrite(bytes, at, Boundary()); break;
            case 8: Overwrite(bytes, at, PartOf(bytes)); break;
            case 9: ChangeNumber(bytes, at); break;
            default: bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : Math.Min(LengthOfPart(), bytes.Count - at)); break;
        }
    }

    private int PlaceIn(int count) => random.Next(3) switch
    {
        0 => random.Next(count),
        1 => random.Next(Math.Min(count, Window)),
        _ => count - 1 - random.Next(Math.Min(count, Window)),
    };

    private int LengthOfPart() => 1 + random.Next(1 << random.Next(10));

    private byte[] PartOf(IReadOnlyList<byte> bytes)
    {
        if (bytes.Count == 0)
            return [];
        int at = PlaceIn(bytes.Count);
        return [.. bytes.Skip(at).Take(LengthOfPart())];
    }

    private byte[] Noise()
    {
        byte[] noise = new byte[1 + random.Next(16)];
        random.NextBytes(noise);
        return noise;
    }

    private byte[] Boundary()
    {
        byte[] number = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, Boundaries[random.Next(Boundaries.Length)]);
        number = number[..(1 << random.Next(4))];
        if (random.Next(4) == 0)
            Array.Reverse(number);
        return number;
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] part)
    {
        for (int i = 0; i < part.Length && at + i < bytes.Count; i++)
            bytes[at + i] = part[i];
    }

    // The next number in digits becomes another.
    private void ChangeNumber(List<byte> bytes, int at)
    {
        int start = bytes.FindIndex(at, value => value is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
            return;
        int end = bytes.FindIndex(start, value => value is < (byte)'0' or > (byte)'9');
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        string number = Boundaries[random.Next(Boundaries.Length)].ToString(CultureInfo.InvariantCulture);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(number));
    }
}
