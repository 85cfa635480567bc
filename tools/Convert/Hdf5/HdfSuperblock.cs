namespace GauRuntime.Convert.Hdf5;

/// <summary>The head of an HDF5 file: where its root group is.</summary>
internal static class HdfSuperblock
{
    /// <summary>The first eight bytes of every HDF5 file without a user block.</summary>
    public static ReadOnlySpan<byte> Magic =>
        [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <summary>Checks versions, field widths and the recorded end of file.</summary>
    /// <returns>Address of the root group's object header.</returns>
    public static ulong ReadRoot(HdfSource source)
    {
        HdfBytes head = source.Structure(0, (ulong)Math.Min(source.Length, 128), "the superblock");
        if (!head.Take(Math.Min(8, head.Remaining)).SequenceEqual(Magic))
            throw source.Fault(0, "this is no HDF5 file");
        byte version = head.U8();
        return version switch
        {
            0 or 1 => Old(source, head, version),
            2 or 3 => New(source, head),
            _ => throw head.Fault($"superblock version {version} is not supported, only 0 to 3"),
        };
    }

    private static ulong Old(HdfSource source, HdfBytes head, byte version)
    {
        head.Skip(4);
        Widths(head);
        head.Skip(1 + 2 + 2 + 4 + (version == 1 ? 4 : 0));
        Base(head);
        head.Skip(8);
        End(source, head);
        head.Skip(8 + 8);
        return head.U64();
    }

    private static ulong New(HdfSource source, HdfBytes head)
    {
        Widths(head);
        head.Skip(1);
        Base(head);
        head.Skip(8);
        End(source, head);
        return head.U64();
    }

    private static void Widths(HdfBytes head)
    {
        byte offsets = head.U8();
        byte lengths = head.U8();
        if (offsets != 8 || lengths != 8)
            throw head.Fault($"offsets of {offsets} and lengths of {lengths} bytes are not supported, only 8");
    }

    private static void Base(HdfBytes head)
    {
        ulong address = head.U64();
        if (address != 0)
            throw head.Fault($"base address {address}: files with a user block are not supported");
    }

    private static void End(HdfSource source, HdfBytes head)
    {
        ulong end = head.U64();
        if (end > (ulong)source.Length)
            throw head.Fault($"truncated: the file should have {end} bytes and has {source.Length}; copy or "
                + "download it again");
    }
}
