namespace GauRuntime.Parquet;

/// <summary>What stands before a page.</summary>
internal sealed record PageHeader
{
    /// <summary>A header that is longer is refused, in bytes; it can hold the least and the greatest value.</summary>
    public const int Longest = 16 << 20;

    /// <summary>A larger page is refused, in bytes; writers make pages of about 1 MiB.</summary>
    public const int LargestPage = 256 << 20;

    public required PageKind Kind { get; init; }

    /// <summary>Bytes of the header itself.</summary>
    public required int HeaderLength { get; init; }

    /// <summary>Bytes of the page in the file.</summary>
    public required int StoredLength { get; init; }

    /// <summary>Bytes of the page once it is decompressed.</summary>
    public required int Length { get; init; }

    /// <summary>CRC-32 of the page as it is stored, where its writer gave one.</summary>
    public uint? Checksum { get; init; }

    /// <summary>Values, nulls included.</summary>
    public int Values { get; init; }

    public PageEncoding Encoding { get; init; }

    /// <summary>Bytes of the repetition levels, where they are not compressed with the rest.</summary>
    public int RepetitionLength { get; init; }

    /// <summary>Bytes of the definition levels, where they are not compressed with the rest.</summary>
    public int DefinitionLength { get; init; }

    /// <summary>Whether the values are compressed as the column says.</summary>
    public bool IsCompressed { get; init; } = true;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">It begins here.</param>
    /// <returns>Null where there are not bytes enough.</returns>
    public static PageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        ThriftReader reader = new(bytes);
        try
        {
            return Read(ref reader);
        }
        catch (TableFault) when (reader.Ended)
        {
            return null;
        }
    }

    private static PageHeader Read(ref ThriftReader reader)
    {
        int kind = -1, length = -1, storedLength = -1;
        uint? checksum = null;
        DataHeader data = new() { Values = -1, IsCompressed = true };
        for (int field = 0; reader.Next(ref field, out ThriftType type);)
        {
            switch (field)
            {
                case 1: kind = reader.Int32(type); break;
                case 2: length = reader.Int32(type); break;
                case 3: storedLength = reader.Int32(type); break;
                case 4: checksum = (uint)reader.Int32(type); break;
                case 5 or 7: data = Data(ref reader, type, isV2: false); break;
                case 8: data = Data(ref reader, type, isV2: true); break;
                default: reader.Skip(type); break;
            }
        }
        if (kind is < 0 or > 3 || length < 0 || storedLength < 0)
            throw new TableFault("a page header is malformed");
        if (length > LargestPage || storedLength > LargestPage)
            throw new TableFault(
                $"a page that claims {Math.Max(length, storedLength)} bytes; {LargestPage} are allowed");
        if (data.Values < 0 && kind != (int)PageKind.Index || data.RepetitionLength < 0 || data.DefinitionLength < 0
            || (long)data.RepetitionLength + data.DefinitionLength > Math.Min(length, storedLength))
            throw new TableFault("a page header is malformed");
        return new PageHeader
        {
            Kind = (PageKind)kind,
            HeaderLength = reader.Position,
            StoredLength = storedLength,
            Length = length,
            Checksum = checksum,
            Values = data.Values,
            Encoding = (PageEncoding)data.Encoding,
            RepetitionLength = data.RepetitionLength,
            DefinitionLength = data.DefinitionLength,
            IsCompressed = data.IsCompressed,
        };
    }

    // Numbers of values and encodings have the same numbers in all three but the encoding of a page of version 2.
    private static DataHeader Data(ref ThriftReader reader, ThriftType kind, bool isV2)
    {
        ThriftReader.Struct(kind);
        DataHeader data = new() { Values = -1, IsCompressed = true };
        for (int field = 0; reader.Next(ref field, out ThriftType type);)
        {
            switch (field)
            {
                case 1: data.Values = reader.Int32(type); break;
                case 2 when !isV2: data.Encoding = reader.Int32(type); break;
                case 4 when isV2: data.Encoding = reader.Int32(type); break;
                case 5 when isV2: data.DefinitionLength = reader.Int32(type); break;
                case 6 when isV2: data.RepetitionLength = reader.Int32(type); break;
                case 7 when isV2: data.IsCompressed = ThriftReader.Bool(type); break;
                default: reader.Skip(type); break;
            }
        }
        return data;
    }

    private record struct DataHeader(
        int Values, int Encoding, int RepetitionLength, int DefinitionLength, bool IsCompressed);
}
