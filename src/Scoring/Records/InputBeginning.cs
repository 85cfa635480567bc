using GauRuntime.Parquet;
using GauRuntime.Scoring.Arrow;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// What the first MiB of an input tells about all of it; of a pipe that pauses before, what it brought.
/// </summary>
/// <param name="HasIds">Whether records have ids: there is such a column, or a record with such a field.</param>
/// <param name="Quotes">How quotes are read: <see cref="FieldQuotes.Rfc"/> or <see cref="FieldQuotes.None"/>.</param>
/// <param name="Note">What should be known, or null.</param>
/// <param name="WatchesQuotes">
/// Whether quotes are plain characters only because no field begins with one here: the first that does is worth a word.
/// </param>
internal sealed record InputBeginning(
    bool HasIds = false, FieldQuotes Quotes = FieldQuotes.Rfc, string? Note = null, bool WatchesQuotes = false)
{
    /// <summary>
    /// So many bytes, decompressed, are looked at: for the encoding as they are, for all else as UTF-8.
    /// </summary>
    public const int Length = 1 << 20;

    /// <summary>What its characters are read as; not the one that it is, where nobody had to look for that.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>What should be known of its encoding, or null.</summary>
    public string? EncodingNote { get; init; }

    /// <summary>What separates the fields of a CSV or TSV; else 0.</summary>
    public byte Delimiter { get; init; }

    /// <summary>Whether a CSV or TSV has one column.</summary>
    public bool IsSingle { get; init; }

    /// <summary>What the ids of a Parquet or Arrow file mean, if that is more than texts or numbers.</summary>
    public Annotation IdAnnotation { get; init; }

    /// <summary>What the largest record batch of an Arrow file takes of memory, in bytes.</summary>
    public long HeldBytes { get; init; }

    /// <summary>Looks at lines of JSON, CSV or TSV.</summary>
    /// <param name="bytes">The input at its start; nothing is taken from it.</param>
    /// <param name="format">Its format.</param>
    /// <param name="fields">Which fields mean what, and what is known already.</param>
    /// <param name="isPipe">Whether more may be long in coming: nothing is waited for that only a note needs.</param>
    public static InputBeginning Of(ByteSource bytes, RecordFormat format, RecordFields fields, bool isPipe) =>
        format == RecordFormat.JsonLines
            ? OfJson(bytes, fields)
            : OfTable(bytes, format == RecordFormat.Tsv, fields, isPipe);

    /// <summary>Looks at the columns of a Parquet or Arrow file.</summary>
    /// <param name="input">The file.</param>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="fields">Which columns mean what.</param>
    /// <exception cref="GauFormatException">It is no such file with such columns.</exception>
    public static InputBeginning OfColumns(InputFile input, Stream stream, RecordFields fields)
    {
        (TableFile file, TableFields columns) = TableRecordReader.Open(input.Name, input.Format, stream, fields);
        return new InputBeginning(columns.Id is not null, Note: file.Remark)
        {
            IdAnnotation = TableIds.MeaningOf(columns.Id),
            HeldBytes = file is ArrowTable arrow
                ? TableRecordReader.Guard(input.Name, "metadata", () => arrow.HeldBytes(columns.Places))
                : 0,
        };
    }

    private static ReadOnlySpan<byte> Content(ByteSource bytes) =>
        bytes.Available[..Math.Min(bytes.Available.Length, Length)];

    private static InputBeginning OfJson(ByteSource bytes, RecordFields fields)
    {
        JsonLayout layout = JsonLayouts.Of(bytes);
        bool hasIds = layout == JsonLayout.Lines
            ? HasIdIn(bytes, fields.Id)
            : HasIdInValues(bytes, layout == JsonLayout.Array, fields.Id);
        bool isUnheard = fields.ExpectsIds && !hasIds && bytes.Fill();
        return new InputBeginning(
            hasIds,
            Note: isUnheard ? $"no record of the first MiB has the field '{Printable.OneLine(fields.Id)}'" : null);
    }

    // As soon as a record has an id nothing more is waited for.
    private static bool HasIdIn(ByteSource bytes, string name)
    {
        int line = 0, searched = 0;
        ReadOnlySpan<byte> content;
        do
        {
            content = Content(bytes);
            for (int end; (end = content[searched..].IndexOf((byte)'\n')) >= 0; line = searched)
            {
                searched += end + 1;
                if (HasId(content[line..searched], name))
                    return true;
            }
            searched = content.Length;
        }
        while (content.Length < Length
            && (line == 0 ? bytes.Fill(content.Length + 1) : bytes.FillSoon(content.Length + 1) == true));
        return HasId(content[line..], name);
    }

    private static bool HasIdInValues(ByteSource bytes, bool isArray, string name)
    {
        for (int wanted = 1; ; wanted = 2 * bytes.Available.Length)
        {
            bool isWhole = !bytes.Fill(Math.Min(wanted, Length));
            using ByteSource content = new(new MemoryStream(Content(bytes).ToArray()), "");
            JsonValueSplitter values = new(content, Length, isArray);
            while (values.Read())
            {
                if (JsonField.IsIn(values.Line, name))
                    return true;
            }
            if (JsonField.IsIn(values.Head, name))   // of what is cut
                return true;
            if (isWhole || bytes.Available.Length >= Length)
                return false;
        }
    }

    private static bool HasId(ReadOnlySpan<byte> line, string name) => JsonField.IsIn(
        line.StartsWith(ByteSource.ByteOrderMark) ? line[ByteSource.ByteOrderMark.Length..] : line, name);

    // Of a pipe hardly more than the header is waited for.
    private static IReadOnlyList<string> Header(
        ByteSource bytes, bool tabs, RecordFields fields, FieldQuotes quotes)
    {
        for (int wanted = 1; ; wanted = 2 * bytes.Available.Length)
        {
            bool isWhole = !bytes.Fill(wanted);
            QuoteReading reading = new(Content(bytes).ToArray(), isWhole, tabs, fields, quotes == FieldQuotes.Rfc);
            if (reading.HasHeader || isWhole || wanted >= Length)
                return reading.Header;
        }
    }

    // Waits for the first MiB, or for a header and a record behind which a pipe pauses.
    private static bool IsWhole(ByteSource bytes)
    {
        bool? isMore = bytes.FillSoon(Length + 1);
        while (isMore is null && bytes.Available.Count((byte)'\n') < 2)
            isMore = bytes.Fill(bytes.Available.Length + 1) ? bytes.FillSoon(Length + 1) : false;
        return isMore == false;
    }

    private static InputBeginning OfTable(ByteSource bytes, bool tabs, RecordFields fields, bool isPipe)
    {
        FieldQuotes? known = fields.Quotes ?? (isPipe && !tabs ? FieldQuotes.Rfc : null);
        if (known is FieldQuotes.Rfc or FieldQuotes.None)
            return new InputBeginning(Header(bytes, tabs, fields, known.Value).Contains(fields.Id), known.Value);
        bool isWhole = IsWhole(bytes);
        byte[] content = Content(bytes).ToArray();
        QuoteReading rfc = new(content, isWhole, tabs, fields, quotes: true);
        QuoteReading none = new(content, isWhole, tabs, fields, quotes: false);
        QuoteChoice choice = tabs || fields.Quotes == FieldQuotes.Auto
            ? QuoteChoice.Of(rfc, none, fields, isWhole)
            : QuoteChoice.Usual(rfc, none, isWhole);
        QuoteReading taken = choice.Quotes == FieldQuotes.Rfc ? rfc : none;
        return new InputBeginning(
            taken.Header.Contains(fields.Id), choice.Quotes, choice.Note,
            choice.Quotes == FieldQuotes.None && !none.HasQuotes);
    }
}
