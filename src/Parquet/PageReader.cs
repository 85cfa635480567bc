using System.IO.Hashing;

namespace GauRuntime.Parquet;

/// <summary>Reads the pages of a column chunk in order.</summary>
internal sealed class PageReader(ParquetFile file, ColumnChunk chunk)
{
    private const int UsualHeader = 512;

    private readonly long end = chunk.Start + chunk.Length;
    private long position = chunk.Start;
    private byte[] window = [];

    /// <summary>Reads the next header; its page is then read or skipped.</summary>
    /// <returns>Null at the end of the chunk.</returns>
    public PageHeader? Next()
    {
        if (position == end)
            return null;
        for (int length = UsualHeader; ; length *= 4)
        {
            length = (int)Math.Min(length, end - position);
            if (window.Length < length)
                window = new byte[length];
            file.Read(position, window.AsSpan(0, length));
            if (PageHeader.Read(window.AsSpan(0, length)) is { } header)
            {
                position += header.HeaderLength;
                if (header.StoredLength > end - position)
                    throw new TableFault("a page is longer than its column");
                return header;
            }
            if (length == end - position || length > PageHeader.Longest)
                throw new TableFault("a page header does not end");
        }
    }

    public void Skip(PageHeader header) => position += header.StoredLength;

    /// <summary>Reads a page and decompresses it.</summary>
    /// <returns>Its levels, if they are not compressed with it, and its values.</returns>
    public byte[] Read(PageHeader header)
    {
        byte[] stored = new byte[header.StoredLength];
        file.Read(position, stored);
        position += stored.Length;
        if (header.Checksum is { } checksum && Crc32.HashToUInt32(stored) != checksum)
            throw new TableFault("a page is corrupt: its checksum is another");
        bool isV2 = header.Kind == PageKind.DataV2;
        if (chunk.Compression == PageCompression.None || isV2 && !header.IsCompressed)
            return stored.Length == header.Length
                ? stored
                : throw new TableFault("a page is corrupt: it has not the length that it claims");
        int levels = header.RepetitionLength + header.DefinitionLength;
        PageCodec.RequireContent(chunk.Compression, stored, levels, header.Length - levels);
        byte[] page = new byte[header.Length];
        stored.AsSpan(0, levels).CopyTo(page);
        // Where a page has nothing but nulls there may be nothing to decompress.
        if (!isV2 || levels < page.Length || levels < stored.Length)
            PageCodec.Decompress(chunk.Compression, stored, levels, page.AsSpan(levels));
        return page;
    }
}
