using GauRuntime.Scoring.Parquet;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Formats;

/// <summary>What the first MiB of an input tells about all of it.</summary>
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

    /// <summary>Looks at lines of JSON, CSV or TSV.</summary>
    /// <param name="bytes">The input at its start; nothing is taken from it.</param>
    /// <param name="format">Its format.</param>
    /// <param name="fields">Which fields mean what, and what is known already.</param>
    /// <param name="isPipe">Whether more may be long in coming: nothing is waited for that only a note needs.</param>
    public static InputBeginning Of(ByteSource bytes, RecordFormat format, RecordFields fields, bool isPipe) =>
        format == RecordFormat.JsonLines
            ? OfLines(bytes, fields)
            : OfTable(bytes, format == RecordFormat.Tsv, fields, isPipe);

    /// <summary>Looks at the columns of a Parquet file, which is closed.</summary>
    public static InputBeginning OfParquet(Stream stream, RecordFields fields)
    {
        try
        {
            using ParquetFile file = ParquetFile.Open(stream);
            return new InputBeginning(file.Footer.Columns.Any(column => column.Field == fields.Id));
        }
        catch (ParquetFault)
        {
            return new InputBeginning();   // whoever reads it will say so
        }
        finally
        {
            stream.Dispose();
        }
    }

    private static ReadOnlySpan<byte> Content(ByteSource bytes) =>
        bytes.Available[..Math.Min(bytes.Available.Length, Length)];

    private static InputBeginning OfLines(ByteSource bytes, RecordFields fields)
    {
        bool hasIds = HasIdIn(bytes, fields.Id);
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
        while (content.Length < Length && bytes.Fill(content.Length + 1));
        return HasId(content[line..], name);
    }

    private static bool HasId(ReadOnlySpan<byte> line, string name) => JsonField.IsIn(
        line.StartsWith(ByteSource.ByteOrderMark) ? line[ByteSource.ByteOrderMark.Length..] : line, name);

    // Of a pipe hardly more than the header is waited for.
    private static IReadOnlyList<string> Header(ByteSource bytes, bool tabs, FieldQuotes quotes)
    {
        for (int wanted = 1; ; wanted = 2 * bytes.Available.Length)
        {
            bool isWhole = !bytes.Fill(wanted);
            QuoteReading reading = new(Content(bytes).ToArray(), isWhole, tabs, quotes == FieldQuotes.Rfc);
            if (reading.HasHeader || isWhole || wanted >= Length)
                return reading.Header;
        }
    }

    private static InputBeginning OfTable(ByteSource bytes, bool tabs, RecordFields fields, bool isPipe)
    {
        FieldQuotes? known = fields.Quotes ?? (isPipe && !tabs ? FieldQuotes.Rfc : null);
        if (known is FieldQuotes.Rfc or FieldQuotes.None)
            return new InputBeginning(Header(bytes, tabs, known.Value).Contains(fields.Id), known.Value);
        bool isWhole = !bytes.Fill(Length + 1);
        byte[] content = Content(bytes).ToArray();
        QuoteReading rfc = new(content, isWhole, tabs, quotes: true), none = new(content, isWhole, tabs, quotes: false);
        QuoteChoice choice = tabs || fields.Quotes == FieldQuotes.Auto
            ? QuoteChoice.Of(rfc, none, fields, isWhole)
            : QuoteChoice.Usual(rfc, none, isWhole);
        QuoteReading taken = choice.Quotes == FieldQuotes.Rfc ? rfc : none;
        return new InputBeginning(
            taken.Header.Contains(fields.Id), choice.Quotes, choice.Note,
            choice.Quotes == FieldQuotes.None && !none.HasQuotes);
    }
}
