using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Hdf5;

/// <summary>A dataset whose values lie in one piece in this file: the only form Keras writes weights in.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Address">The first value; meaningless for an empty dataset.</param>
internal sealed record HdfDataset(HdfType Type, long[] Shape, ulong Address)
{
    private const byte Compact = 0;
    private const byte Contiguous = 1;

    /// <summary>Checks that all values are in the file, so that a later read needs no further check.</summary>
    /// <exception cref="Weights.GauFormatException">
    /// It is chunked, filtered, virtual or kept in other files, or its size is not its shape's.
    /// </exception>
    public static HdfDataset Read(HdfObject header)
    {
        HdfBytes layout = header.Find(HdfMessageType.Layout) ?? throw header.Fault("this is no dataset");
        HdfBytes type = header.Find(HdfMessageType.Datatype) ?? throw header.Fault("a dataset without a type");
        HdfBytes space = header.Find(HdfMessageType.Dataspace) ?? throw header.Fault("a dataset without dimensions");
        if (header.Find(HdfMessageType.ExternalFiles) is not null)
            throw header.Fault("the values are kept in another file; other files are not opened");
        if (header.Find(HdfMessageType.Filters) is not null)
            throw header.Fault("compressed or filtered weights are not supported; Keras does not write them");
        HdfType element = HdfType.Read(type);
        long[] shape = HdfSpace.Read(space) ?? [0];
        return new HdfDataset(element, shape, Locate(header, layout, element, shape));
    }

    private static ulong Locate(HdfObject header, HdfBytes layout, HdfType element, long[] shape)
    {
        byte version = layout.U8();
        if (version is not (3 or 4))
            throw layout.Fault($"data layout version {version} is not supported, only 3 and 4");
        byte kind = layout.U8();
        if (kind is not (Compact or Contiguous))
            throw header.Fault(kind switch
            {
                2 => "weights in chunks are not supported; Keras writes them in one piece",
                3 => "a virtual dataset is assembled from other files; other files are not opened",
                _ => $"data layout class {kind} is not supported",
            });
        Int128 expected = element.Size;
        foreach (long dimension in shape)
            expected *= dimension;
        if (expected == 0)
            return 0;
        ulong size;
        ulong address;
        if (kind == Compact)
        {
            size = layout.U16();
            address = layout.Address;
        }
        else
        {
            address = layout.U64();
            size = layout.U64();
            if (address == HdfSource.Undefined)
                throw header.Fault("the values were never written");
        }
        if ((Int128)size != expected)
            throw header.Fault($"{size} bytes stored where the shape needs {expected}");
        if (address > (ulong)header.Source.Length || size > (ulong)header.Source.Length - address)
            throw header.Fault(
                $"{size} bytes at offset {address} reach beyond the file's {header.Source.Length} bytes");
        return address;
    }
}
