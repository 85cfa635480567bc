namespace GauRuntime.Convert.Hdf5;

/// <summary>The dimensions of an attribute or dataset.</summary>
internal static class HdfSpace
{
    private const int MaxRank = 32;

    /// <summary>The dimensions, outermost first; empty for a scalar, null for a space that holds nothing.</summary>
    /// <exception cref="Weights.GauFormatException">The number of elements does not fit 62 bits.</exception>
    public static long[]? Read(HdfBytes bytes)
    {
        byte version = bytes.U8();
        if (version is not (1 or 2))
            throw bytes.Fault($"dataspace version {version} is not supported, only 1 and 2");
        int rank = bytes.U8();
        if (rank > MaxRank)
            throw bytes.Fault($"{rank} dimensions; HDF5 allows {MaxRank}");
        bytes.Skip(1);
        byte kind = bytes.U8();
        if (version == 1)
            bytes.Skip(4);
        else if (kind == 2)
            return null;
        long[] shape = new long[rank];
        Int128 count = 1;
        for (int i = 0; i < rank; i++)
        {
            ulong dimension = bytes.U64();
            if (dimension > long.MaxValue)
                throw bytes.Fault($"dimension {i} is {dimension}");
            shape[i] = (long)dimension;
            count *= shape[i];
            // Checked at every step, also where a later dimension is 0.
            if (count > 1L << 60)
                throw bytes.Fault("the number of elements overflows");
        }
        return shape;
    }
}
