using System.Buffers.Binary;
using System.Text;
using GauRuntime.Convert.Keras;

namespace GauRuntime.Convert.Tests;

/// <summary>Files of many attributes, written byte by byte after the HDF5 specification.</summary>
public sealed class HdfAttributeTests
{
    private const ulong Undefined = ulong.MaxValue;

    [Fact]
    public void Open_TwiceTheAttributes_TakesTwiceTheWork()
    {
        using TemporaryFolder folder = new();
        string few = folder.Write("few.h5", WithLayerNames(2000)), many = folder.Write("many.h5", WithLayerNames(4000));
        Allocated(few);
        // A search per attribute would open every message before it, which allocates: four times as much.
        ((double)Allocated(many) / Allocated(few)).Should().BeLessThan(2.5);
    }

    private static long Allocated(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using KerasCheckpoint checkpoint = KerasCheckpoint.Open(path);
        checkpoint.Tensors.Should().BeEmpty();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A root group with the attributes layer_names0, layer_names1, …, each of no string.</summary>
    private static byte[] WithLayerNames(int count)
    {
        List<byte> messages = [];
        Message(messages, 0x02, [0, 0, .. U64(Undefined), .. U64(Undefined)]);   // link info: no link
        for (int i = 0; i < count; i++)
        {
            byte[] name = Encoding.ASCII.GetBytes($"layer_names{i}\0");
            Message(messages, 0x0C,
                [3, 0, .. U16(name.Length), .. U16(8), .. U16(4), 0, .. name, 0x13, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 2]);
        }
        const ulong root = 48;
        byte[] header = [.. "OHDR"u8, 2, 2, .. U64((ulong)messages.Count)[..4], .. messages, 0, 0, 0, 0];
        byte[] signature = [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];
        return
        [
            .. signature, 2, 8, 8, 0, .. U64(0), .. U64(Undefined), .. U64(root + (ulong)header.Length), .. U64(root),
            0, 0, 0, 0, .. header,
        ];
    }

    private static void Message(List<byte> messages, byte type, byte[] contents) =>
        messages.AddRange([type, .. U16(contents.Length), 0, .. contents]);

    private static byte[] U16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
