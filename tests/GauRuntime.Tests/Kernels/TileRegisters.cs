using System.Buffers.Binary;
using Iced.Intel;

namespace GauRuntime.Tests.Kernels;

/// <summary>The AMX tiles of a thread of <see cref="TileProcessor"/>, after the SDM: what is not configured is refused.</summary>
internal sealed unsafe class TileRegisters
{
    private const int Tiles = 8, MostRows = 16, MostBytes = 64;

    private readonly byte[][] values = [.. Enumerable.Range(0, Tiles).Select(_ => new byte[MostRows * MostBytes])];
    private readonly int[] rows = new int[Tiles], bytes = new int[Tiles];   // 0: not configured

    /// <summary>How often they were configured.</summary>
    public int Configurations { get; private set; }

    public bool AreReleased => rows.All(count => count == 0);

    /// <summary>Takes 64 bytes: palette, first row, bytes of the rows of each tile, rows of each.</summary>
    public void Configure(byte* source)
    {
        if (source[0] != 1 || source[1] != 0)
            throw new InvalidOperationException("palette 1 and first row 0 are all that tiles use");
        for (int i = 2; i < 64; i++)
            if (source[i] != 0 && i is not ((>= 16 and < 32) or (>= 48 and < 56)))
                throw new InvalidOperationException($"byte {i} of a configuration is reserved");
        Release();
        Configurations++;
        for (int tile = 0; tile < Tiles; tile++)
        {
            (bytes[tile], rows[tile]) = (((ushort*)(source + 16))[tile], source[48 + tile]);
            if (bytes[tile] > MostBytes || rows[tile] > MostRows || (bytes[tile] == 0) != (rows[tile] == 0))
                throw new InvalidOperationException($"tile {tile} cannot have {rows[tile]} rows of {bytes[tile]} bytes");
        }
    }

    public void Release()
    {
        foreach (byte[] value in values)
            Array.Clear(value);
        Array.Clear(rows);
        Array.Clear(bytes);
    }

    public void Clear(Register tile) => Array.Clear(values[Known(tile)]);

    /// <summary>Reads the rows of a tile, which lie some bytes apart.</summary>
    public void Load(Register tile, byte* source, long stride)
    {
        int t = Known(tile);
        Array.Clear(values[t]);
        for (int row = 0; row < rows[t]; row++)
            new ReadOnlySpan<byte>(source + row * stride, bytes[t]).CopyTo(values[t].AsSpan(row * MostBytes));
    }

    /// <summary>Writes them.</summary>
    public void Store(Register tile, byte* target, long stride)
    {
        int t = Known(tile);
        for (int row = 0; row < rows[t]; row++)
            values[t].AsSpan(row * MostBytes, bytes[t]).CopyTo(new Span<byte>(target + row * stride, bytes[t]));
    }

    /// <summary>tdpbssd: 32-bit sums of four products of signed bytes.</summary>
    public void Multiply(Register sums, Register a, Register b)
    {
        (int s, int x, int y) = (Known(sums), Known(a), Known(b));
        if (rows[s] != rows[x] || bytes[x] != 4 * rows[y] || bytes[s] != bytes[y])
            throw new InvalidOperationException($"{sums}, {a} and {b} do not fit");
        for (int row = 0; row < rows[s]; row++)
            for (int group = 0; group < rows[y]; group++)
                for (int at = 0; at < bytes[s]; at += 4)
                {
                    Span<byte> sum = values[s].AsSpan(row * MostBytes + at, 4);
                    int value = BinaryPrimitives.ReadInt32LittleEndian(sum);
                    for (int i = 0; i < 4; i++)
                        value += (sbyte)values[x][row * MostBytes + 4 * group + i]
                            * (sbyte)values[y][group * MostBytes + at + i];
                    BinaryPrimitives.WriteInt32LittleEndian(sum, value);
                }
    }

    private int Known(Register tile)
    {
        int t = tile - Register.TMM0;
        return rows[t] > 0 ? t : throw new InvalidOperationException($"{tile} is not configured");
    }
}
