using System.Numerics;

namespace GauRuntime.Convert.Hdf5;

/// <summary>The B-tree (version 2) that indexes the links of a group by the hash of their names.</summary>
internal static class HdfLinkIndex
{
    private const int NodeOverhead = 10;
    private const int HashSize = 4;

    /// <summary>The heap ids of all links. One level of inner nodes is supported: about a thousand links.</summary>
    public static List<byte[]> HeapIds(HdfSource source, ulong address)
    {
        HdfBytes head = source.Structure(address, 38, "a link index");
        head.Signature("BTHD"u8, "link index");
        head.Version(0, "link index");
        if (head.U8() != 5)
            throw head.Fault("this is no index of link names");
        uint nodeSize = head.U32();
        int recordSize = head.U16();
        int depth = head.U16();
        head.Skip(2);
        ulong root = head.U64();
        int count = head.U16();
        if (depth > 1)
            throw head.Fault($"a link index of depth {depth} is not supported, only 0 and 1");
        if (recordSize is <= HashSize or > 64 || nodeSize is < 64 or > 1 << 20)
            throw head.Fault("a link index with senseless sizes");
        List<byte[]> ids = [];
        if (depth == 0)
            ReadLeaf(source, root, count, recordSize, ids);
        else
            ReadInner(source, root, count, recordSize, ((int)nodeSize - NodeOverhead) / recordSize, ids);
        return ids;
    }

    private static void ReadInner(
        HdfSource source, ulong address, int count, int recordSize, int maxLeaf, List<byte[]> ids)
    {
        int countBytes = BitOperations.Log2((uint)Math.Max(maxLeaf, 1)) / 8 + 1;
        ulong size = 6 + (ulong)(count * recordSize) + (ulong)(count + 1) * (ulong)(8 + countBytes);
        HdfBytes node = source.Structure(address, size, "an inner node of a link index");
        node.Signature("BTIN"u8, "inner node of a link index");
        node.Skip(2);
        ReadRecords(node, count, recordSize, ids);
        for (int i = 0; i <= count; i++)
        {
            ulong child = node.U64();
            ReadLeaf(source, child, (int)node.Unsigned(countBytes), recordSize, ids);
        }
    }

    private static void ReadLeaf(HdfSource source, ulong address, int count, int recordSize, List<byte[]> ids)
    {
        if (count == 0)
            return;
        HdfBytes node = source.Structure(address, 6 + (ulong)count * (ulong)recordSize, "a leaf of a link index");
        node.Signature("BTLF"u8, "leaf of a link index");
        node.Skip(2);
        ReadRecords(node, count, recordSize, ids);
    }

    private static void ReadRecords(HdfBytes node, int count, int recordSize, List<byte[]> ids)
    {
        for (int i = 0; i < count; i++)
        {
            node.Skip(HashSize);
            ids.Add(node.Take(recordSize - HashSize).ToArray());
        }
    }
}
