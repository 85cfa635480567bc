namespace GauRuntime.Convert.Hdf5;

/// <summary>Strings of variable length, which stand in collections shared by the whole file.</summary>
internal static class HdfGlobalHeap
{
    /// <summary>Follows an element: length, address of a collection, index in it.</summary>
    public static HdfBytes Read(HdfSource source, HdfBytes element)
    {
        uint length = element.U32();
        ulong address = element.U64();
        uint index = element.U32();
        if (length == 0)
            return new HdfBytes(source, (long)element.Address, default);
        HdfBytes head = source.Structure(address, 16, "a global heap");
        head.Signature("GCOL"u8, "global heap");
        head.Version(1, "global heap");
        head.Skip(3);
        ulong size = head.U64();
        if (size < 16)
            throw head.Fault($"a global heap of {size} bytes");
        HdfBytes objects = source.Structure(address + 16, size - 16, "a global heap");
        while (objects.Remaining >= 16)
        {
            int found = objects.U16();
            objects.Skip(6);
            ulong bytes = objects.U64();
            if (found == 0)
                break;
            if (bytes > (ulong)objects.Remaining)
                throw objects.Fault($"a heap object of {bytes} bytes, {objects.Remaining} left");
            if (found == index)
            {
                if (length > bytes)
                    throw objects.Fault($"a string of {length} bytes in a heap object of {bytes}");
                return objects.Part((int)length);
            }
            objects.Skip((int)Math.Min((bytes + 7) / 8 * 8, (ulong)objects.Remaining));
        }
        throw head.Fault($"the global heap has no object {index}");
    }
}
