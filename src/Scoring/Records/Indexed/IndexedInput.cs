namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>What an index knows of an input.</summary>
internal sealed record IndexedInput
{
    /// <summary>As the user named it.</summary>
    public required string Name { get; init; }

    /// <summary>How it was read.</summary>
    public required IndexReading Reading { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When it was changed last, in units of 100 ns since 1970, UTC.</summary>
    public required Int128 Modified { get; init; }

    /// <summary>Bytes of its content: its size, unless it is compressed.</summary>
    public required long ContentBytes { get; init; }

    /// <summary>How many records it has.</summary>
    public required long Records { get; init; }

    /// <summary>
    /// Where its last record ends, as <see cref="RecordReader.Position"/>: whoever wants to go beyond goes on with the
    /// next input. 0 of one that cannot be shared out.
    /// </summary>
    public required long LastPosition { get; init; }

    /// <summary>A line of white space has at most so many bytes; longer ones count as records.</summary>
    public required long LongestBlank { get; init; }

    /// <summary>The digests of its blocks; the last has its length behind it.</summary>
    public required IReadOnlyList<UInt128> Blocks { get; init; }

    /// <summary>A place for each block but the first, up to the last in or before which a record ends.</summary>
    public required IReadOnlyList<IndexPlace> Places { get; init; }

    /// <summary>Whether all of it belongs to one share.</summary>
    public bool IsWhole => !RecordFormats.IsTable(Reading.Format) && LastPosition == 0 && Records > 0;
}
