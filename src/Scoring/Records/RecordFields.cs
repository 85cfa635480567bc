using System.Globalization;

namespace GauRuntime.Scoring.Records;

/// <summary>Which fields of a record (JSON properties, CSV columns) mean what, and how they are read.</summary>
public sealed record RecordFields
{
    /// <summary>The text, or the question of a question answering model.</summary>
    public string Text { get; init; } = "text";

    /// <summary>The second text of a pair (the context of a question), or null where records hold one text.</summary>
    public string? Pair { get; init; }

    /// <summary>The record's name: any JSON scalar but null, kept as it is written.</summary>
    public string Id { get; init; } = "id";

    /// <summary>
    /// Whether records are known to have ids. Otherwise the inputs tell: a column of that name, or the field in any
    /// record of the first MiB. A table without such a column then is an error.
    /// </summary>
    public bool ExpectsIds { get; init; }

    /// <summary>
    /// How the characters of JSON Lines, CSV, TSV and lines of text are bytes; Parquet, Arrow and the files of CLUE are
    /// UTF-8.
    /// </summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>What a quote at the start of a CSV or TSV field means; null: what is usual for the format.</summary>
    public FieldQuotes? Quotes { get; init; }

    /// <summary>
    /// What separates the fields of a CSV, one character of ASCII; null: what its first line says, or else a comma, or
    /// a semicolon where only those stand in it.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>
    /// Whether the first line of a CSV or TSV names its columns; otherwise they are called by their numbers, from 1.
    /// </summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// The texts to choose from (an array of strings), or null. With choices <see cref="Text"/> may be absent.
    /// </summary>
    public string? Choices { get; init; }

    /// <summary>
    /// That of the other fields which is compared with results, or null. A record has it once, however the others are.
    /// </summary>
    internal string? Label { get; init; }

    /// <summary>Whether a table without a column of the <see cref="Label"/> is an error.</summary>
    internal bool ExpectsLabels { get; init; }

    /// <summary>Whether the other fields are carried to the result.</summary>
    public bool KeepOthers { get; init; }

    /// <summary>Whether the texts, pairs and choices are carried to the result.</summary>
    public bool KeepTexts { get; init; }

    /// <summary>
    /// Whether bytes that are no characters become U+FFFD, and their record is flagged, instead of being rejected.
    /// </summary>
    public bool ReplaceInvalid { get; init; }

    /// <summary>
    /// Whether the <see cref="Text"/> of a JSON object may be an array of strings instead: its words, which become a
    /// text with a space between them.
    /// </summary>
    internal bool JoinsWords { get; init; }

    /// <summary>Whether a field without a meaning of its own is read all the same.</summary>
    internal bool Reads(string other) => KeepOthers || other == Label;

    /// <summary>Whether a column without a name can be called so: by its number, from 1.</summary>
    internal static bool IsColumnNumber(string name) =>
        name is not ['0', ..] && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
