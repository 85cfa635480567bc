namespace GauRuntime.Parquet;

/// <summary>How the values of a column are stored, with the numbers of the format.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLengthByteArray = 7,
}

/// <summary>What the stored values mean, as far as it matters here.</summary>
internal enum Annotation
{
    None,
    Text,
    Json,
    Signed,
    Unsigned,
    Decimal,
    Date,
    Time,
    Timestamp,
    Uuid,
    Half,
    List,
    Map,
    Other,
}

/// <summary>How often a value stands in its parent, with the numbers of the format.</summary>
internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>How pages are compressed, with the numbers of the format.</summary>
internal enum PageCompression
{
    None = 0,
    Snappy = 1,
    Gzip = 2,
    Brotli = 4,
    Zstandard = 6,
    Lz4 = 7,
}

/// <summary>How values are laid out in a page, with the numbers of the format.</summary>
internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Runs = 3,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RunsDictionary = 8,
    ByteStreamSplit = 9,
}

/// <summary>Kinds of pages, with the numbers of the format.</summary>
internal enum PageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}
