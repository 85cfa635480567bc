using System.Numerics;

namespace GauRuntime.Convert.Hdf5;

/// <summary>
/// A fractal heap: where a group keeps its links once one of its names is not ASCII and it has more than eight.
/// </summary>
/// <remarks>
/// A heap offset addresses a table of blocks whose rows hold <c>width</c> blocks each; rows 0 and 1 have the starting
/// size, every later row twice the one before. Only direct blocks are supported: half a megabyte of names.
/// </remarks>
internal sealed class HdfFractalHeap
{
    private readonly HdfSource source;
    private readonly int maxManaged;
    private readonly int width;
    private readonly ulong startSize;
    private readonly ulong maxDirect;
    private readonly int offsetBytes;
    private readonly int lengthBytes;
    private readonly ulong root;
    private readonly int rows;

    public HdfFractalHeap(HdfSource source, ulong address)
    {
        this.source = source;
        HdfBytes head = source.Structure(address, 142, "a fractal heap");
        head.Signature("FRHP"u8, "fractal heap");
        head.Version(0, "fractal heap");
        head.Skip(2);
        if (head.U16() != 0)
            throw head.Fault("a filtered fractal heap is not supported");
        head.Skip(1);
        maxManaged = (int)Math.Min(head.U32(), int.MaxValue);
        head.Skip(12 * 8);
        width = head.U16();
        startSize = head.U64();
        maxDirect = head.U64();
        int bits = head.U16();
        head.Skip(2);
        root = head.U64();
        rows = head.U16();
        if (width is 0 or > 1024 || !BitOperations.IsPow2(startSize) || !BitOperations.IsPow2(maxDirect)
            || maxDirect < startSize || maxDirect > 1 << 24 || bits is 0 or > 64 || rows > 64 || maxManaged == 0)
            throw head.Fault("a fractal heap with senseless sizes");
        offsetBytes = (bits + 7) / 8;
        lengthBytes = Math.Min((BitOperations.Log2(maxDirect) + 7) / 8, BitOperations.Log2((uint)maxManaged) / 8 + 1);
    }

    /// <summary>The object that a heap id names.</summary>
    public HdfBytes Read(byte[] id)
    {
        HdfBytes fields = new(source, 0, id);
        byte flags = fields.U8();
        if ((flags & 0xf0) != 0)
            throw source.Fault(root, $"a heap object of kind {flags >> 4} is not supported");
        ulong offset = fields.Unsigned(offsetBytes);
        ulong length = fields.Unsigned(lengthBytes);
        (ulong block, ulong inside, ulong size) = Locate(offset);
        if (length == 0 || length > (ulong)maxManaged || length > size - inside)
            throw source.Fault(block, $"a heap object of {length} bytes does not fit its block");
        return source.Structure(block + inside, length, "a heap object");
    }

    private (ulong Block, ulong Inside, ulong Size) Locate(ulong offset)
    {
        if (rows == 0)
        {
            if (offset >= startSize)
                throw source.Fault(root, $"heap offset {offset} is beyond the heap");
            return (Direct(root), offset, startSize);
        }
        ulong rowStart = 0;
        for (int row = 0; row < rows; row++)
        {
            ulong size = startSize << Math.Max(row - 1, 0);
            if (size > maxDirect)
                break;
            if (offset - rowStart < size * (ulong)width)
            {
                ulong column = (offset - rowStart) / size;
                ulong entry = 5 + 8 + (ulong)offsetBytes + 8 * ((ulong)(row * width) + column);
                source.Structure(root, 4, "an indirect block").Signature("FHIB"u8, "indirect block");
                ulong block = source.Structure(root + entry, 8, "an indirect block").U64();
                return (Direct(block), (offset - rowStart) % size, size);
            }
            rowStart += size * (ulong)width;
        }
        throw source.Fault(root, $"heap offset {offset} is beyond the direct blocks of the heap");
    }

    private ulong Direct(ulong address)
    {
        source.Structure(address, 4, "a direct block").Signature("FHDB"u8, "direct block");
        return address;
    }
}
