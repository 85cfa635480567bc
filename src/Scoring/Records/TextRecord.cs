namespace GauRuntime.Scoring.Records;

/// <summary>Where a record stands.</summary>
/// <param name="Source">The file, as the user named it.</param>
/// <param name="Line">Line of its first byte, or row of a Parquet or Arrow file, from 1.</param>
/// <param name="Offset">Offset of its first byte, or of its row group or record batch, from 0.</param>
/// <param name="IsRow">Whether rows are counted, or else lines.</param>
internal readonly record struct RecordPlace(string Source, long Line, long Offset, bool IsRow = false)
{
    /// <summary>What is counted: lines or rows.</summary>
    public string Unit => IsRow ? "row" : "line";
}

/// <summary>One record of an input: texts to score, or the reason why there are none.</summary>
internal readonly struct TextRecord
{
    /// <summary>Its zero-based number over all inputs of a run.</summary>
    public required long Number { get; init; }

    /// <summary>What names it in the results.</summary>
    public required RecordId Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required RecordPlace Place { get; init; }

    /// <summary>The text, or the first of a pair; null where a record of choices has none.</summary>
    public string? Text { get; init; }

    /// <summary>The second text of a pair.</summary>
    public string? Pair { get; init; }

    /// <summary>The texts to choose from.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The other fields as the inside of a JSON object, where they are kept.</summary>
    public string? Others { get; init; }

    /// <summary>The label among them, as JSON, where one is asked for.</summary>
    internal string? Label { get; init; }

    /// <summary>
    /// Whether bytes that are no characters became U+FFFD; null where such records are rejected instead.
    /// </summary>
    public bool? Replaced { get; init; }

    /// <summary>Bytes of its texts and of what was kept of it.</summary>
    internal long Bytes =>
        sizeof(char) * ((Text?.Length ?? 0L) + (Pair?.Length ?? 0) + (Others?.Length ?? 0)
            + (Label?.Length ?? 0) + (Choices?.Sum(choice => (long)choice.Length) ?? 0))
        + (Raw?.Length ?? 0);

    /// <summary>Whether special tokens written in its texts are those tokens.</summary>
    internal bool ParsesSpecial { get; init; }

    /// <summary>Why the record cannot be scored, or null.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// The record as read, kept where it is rejected and not longer than the longest line allowed: in UTF-8, or where
    /// not all of it is characters, its bytes as they stand in the input.
    /// </summary>
    public byte[]? Raw { get; init; }

    /// <summary>The same record, not to be scored.</summary>
    internal TextRecord Rejected(string error) => this with { Error = error };

    /// <summary>The same record under another name.</summary>
    internal TextRecord Named(RecordId id) => this with { Id = id };
}
