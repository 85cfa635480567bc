namespace GauRuntime.Weights.Checkpoints;

/// <summary>The header of a bundle: the value of the empty key.</summary>
internal readonly record struct BundleHeader(int Shards)
{
    /// <summary>Reads field 1 num_shards, 2 endianness, 3 version {1 producer, 2 min_consumer}.</summary>
    public static BundleHeader Parse(string file, ReadOnlySpan<byte> value)
    {
        ulong shards = 0, endianness = 0, consumer = 0;
        ProtoReader reader = new(value);
        while (reader.TryField())
        {
            if (reader is { Field: 1, Wire: 2 })
                throw new GauFormatException(file, "header",
                    "a TensorFlow V1 checkpoint, which is not supported: save it as V2");
            if (reader is { Field: 1, Wire: 0 })
                shards = reader.Number;
            if (reader is { Field: 2, Wire: 0 })
                endianness = reader.Number;
            if (reader is not { Field: 3, Wire: 2 })
                continue;
            ProtoReader version = new(reader.Bytes);
            while (version.TryField())
                if (version is { Field: 2, Wire: 0 })
                    consumer = version.Number;
        }
        if (!reader.Rest.IsEmpty)
            throw new GauFormatException(file, "header", "malformed");
        if (endianness != 0)
            throw new GauFormatException(file, "header", "written on a big-endian machine, which is not supported");
        if (consumer > 1)
            throw new GauFormatException(file, "header", $"needs a reader of version {consumer}, this is version 1");
        if (shards is 0 or > int.MaxValue)
            throw new GauFormatException(file, "header", $"{shards} shards");
        return new BundleHeader((int)shards);
    }
}

/// <summary>A tensor of a bundle and where its bytes lie.</summary>
internal readonly record struct BundleEntry(
    TensorEntry Tensor, int Shard, long Offset, long Size, uint Crc, bool Sliced)
{
    /// <summary>
    /// Reads field 1 dtype, 2 shape, 3 shard_id, 4 offset, 5 size, 6 crc32c, 7 slices; absent fields are 0.
    /// </summary>
    public static BundleEntry Parse(string file, string name, ReadOnlySpan<byte> value, int shards)
    {
        string place = $"tensor '{name}'";
        ulong dtype = 0, shard = 0, offset = 0, size = 0, crc = 0;
        bool sliced = false;
        List<long> shape = [];
        ProtoReader reader = new(value);
        while (reader.TryField())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, 0): dtype = reader.Number; break;
                case (2, 2): ParseShape(file, place, reader.Bytes, shape); break;
                case (3, 0): shard = reader.Number; break;
                case (4, 0): offset = reader.Number; break;
                case (5, 0): size = reader.Number; break;
                case (6, 5): crc = reader.Number; break;
                case (7, 2): sliced = true; break;
                case ( >= 1 and <= 7, _):
                    throw new GauFormatException(file, place, $"field {reader.Field} has the wrong type");
            }
        }
        if (!reader.Rest.IsEmpty)
            throw new GauFormatException(file, place, "its entry is malformed");
        if (!BundleTypes.TryParse(dtype, out ElementType type, out string? stored))
            throw new GauFormatException(file, place, $"dtype {dtype} is unknown");
        int width = Elements.Width(type);
        if (!Shapes.TryCount(shape, 8 * width, out long count))
            throw new GauFormatException(file, place, "the shape's size overflows");
        if (shard >= (ulong)shards)
            throw new GauFormatException(file, place, $"shard {shard} of {shards}");
        if (offset > long.MaxValue || size > (ulong)long.MaxValue - offset)
            throw new GauFormatException(file, place, $"{size} bytes at offset {offset} overflow");
        if (width != 0 && !sliced && (ulong)(count * width) != size)
            throw new GauFormatException(file, place, $"{size} bytes, but its shape and type make {count * width}");
        TensorEntry tensor = new(name, type, shape.AsReadOnly()) { StoredType = stored };
        return new BundleEntry(tensor, (int)shard, (long)offset, (long)size, (uint)crc, sliced);
    }

    /// <summary>TensorShape: repeated 2 dim {1 size}, 3 unknown_rank.</summary>
    private static void ParseShape(string file, string place, ReadOnlySpan<byte> message, List<long> shape)
    {
        ProtoReader reader = new(message);
        while (reader.TryField())
        {
            if (reader is { Field: 3, Wire: 0, Number: not 0 })
                throw new GauFormatException(file, place, "its rank is unknown");
            if (reader is not { Field: 2, Wire: 2 })
                continue;
            ulong size = 0;
            ProtoReader dimension = new(reader.Bytes);
            while (dimension.TryField())
                if (dimension is { Field: 1, Wire: 0 })
                    size = dimension.Number;
            if (!dimension.Rest.IsEmpty || size > long.MaxValue)
                throw new GauFormatException(file, place, "a dimension is negative or malformed");
            if (shape.Count == Shapes.MaxRank)
                throw new GauFormatException(file, place, $"more than {Shapes.MaxRank} dimensions");
            shape.Add((long)size);
        }
        if (!reader.Rest.IsEmpty)
            throw new GauFormatException(file, place, "its shape is malformed");
    }
}
