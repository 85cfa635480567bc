using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>Finds the decoder for the values of a data page.</summary>
internal static class PageValues
{
    /// <summary>Makes the decoder.</summary>
    /// <param name="page">The page, decompressed.</param>
    /// <param name="start">Where the values begin.</param>
    /// <param name="encoding">How they are laid out.</param>
    /// <param name="column">Their column.</param>
    /// <param name="dictionary">The dictionary, if there is one.</param>
    public static ValueDecoder Of(
        byte[] page, int start, PageEncoding encoding, SchemaColumn column, ValueDictionary? dictionary)
    {
        bool isByteArray = column.Type == PhysicalType.ByteArray;
        bool isWhole = column.Type is PhysicalType.Int32 or PhysicalType.Int64;
        return encoding switch
        {
            PageEncoding.Plain when isByteArray => new ByteArrayValues(page, start),
            PageEncoding.Plain when column.Type == PhysicalType.Boolean => new BitValues(page, start),
            PageEncoding.Plain => new FixedValues(page, start, ValueDecoder.Width(column)!.Value),
            PageEncoding.PlainDictionary or PageEncoding.RunsDictionary => Looked(page, start, dictionary),
            PageEncoding.Runs when column.Type == PhysicalType.Boolean => new RunValues(Runs(page, start, 1, out _)),
            PageEncoding.DeltaBinaryPacked when isWhole => new DeltaIntegerValues(
                new DeltaIntegers(page, start), ValueDecoder.Width(column)!.Value),
            PageEncoding.DeltaLengthByteArray when isByteArray => new DeltaLengthValues(page, start),
            PageEncoding.DeltaByteArray when isByteArray => new DeltaByteArrayValues(page, start),
            PageEncoding.ByteStreamSplit when !isByteArray && ValueDecoder.Width(column) is { } width =>
                new SplitValues(page, start, width),
            _ => throw new TableFault($"values of {column.Type} with encoding {(int)encoding} cannot be read"),
        };
    }

    /// <summary>Runs behind their length.</summary>
    public static RunDecoder Runs(byte[] page, int start, int width, out int end)
    {
        if (page.Length - start < 4)
            throw new TableFault("a page is corrupt: its levels end too early");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(start));
        if (length > page.Length - start - 4)
            throw new TableFault("a page is corrupt: its levels end too early");
        end = start + 4 + (int)length;
        return new RunDecoder(page, start + 4, end, width);
    }

    private static ValueDecoder Looked(byte[] page, int start, ValueDictionary? dictionary)
    {
        if (dictionary is null)
            throw new TableFault("a page needs a dictionary that is not there");
        int width = start < page.Length ? page[start] : 0;   // a page of nulls may have no indexes at all
        if (width > 32)
            throw new TableFault("a page is corrupt: its indexes are malformed");
        return dictionary.Values(width == 0 ? null : new RunDecoder(page, start + 1, page.Length, width));
    }
}
