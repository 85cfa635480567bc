using System.Globalization;

namespace GauRuntime.Scoring.Records;

/// <summary>How the quotes of an input are read, and what should be known of it.</summary>
/// <param name="Quotes"><see cref="FieldQuotes.Rfc"/> or <see cref="FieldQuotes.None"/>.</param>
/// <param name="Note">A sentence, or null.</param>
internal readonly record struct QuoteChoice(FieldQuotes Quotes, string? Note)
{
    /// <summary>RFC 4180, with a warning where most of its lines are well formed without it.</summary>
    public static QuoteChoice Usual(QuoteReading rfc, QuoteReading none, bool isWhole) => new(
        FieldQuotes.Rfc,
        rfc.SpansLines && (none.Fits || rfc.SwallowsRecords)
            ? "quoted fields go over the ends of lines, but without quoting "
                + $"{(none.Fits ? "every line has" : "most have")} {Fields(none)}{Where(isWhole)} too; if quotes are "
                + $"plain characters here: --quotes none"
            : null);

    /// <summary>The reading that fits.</summary>
    /// <param name="rfc">The input read with quotes.</param>
    /// <param name="none">The same without.</param>
    /// <param name="fields">Which columns are wanted.</param>
    /// <param name="isWhole">Whether they saw all of the input.</param>
    public static QuoteChoice Of(QuoteReading rfc, QuoteReading none, RecordFields fields, bool isWhole)
    {
        (bool isRfc, string why) = Decide(rfc, none, fields, isWhole);
        string note = isRfc
            ? $"quotes around fields are taken as quoting (rfc), {why}; otherwise: --quotes none"
            : $"quotes at the start of fields are taken as plain characters (none), {why}; otherwise: --quotes rfc";
        return new(isRfc ? FieldQuotes.Rfc : FieldQuotes.None, none.HasQuotes ? note : null);
    }

    private static (bool IsRfc, string Why) Decide(
        QuoteReading rfc, QuoteReading none, RecordFields fields, bool isWhole)
    {
        if (IsOfResults(rfc.Header))
            return (true, "as in all results of gau");
        bool rfcHas = HasColumns(rfc, fields);
        if (rfcHas != HasColumns(none, fields))
            return (rfcHas, "as otherwise the header has not the columns that are asked for");
        if (rfc.Fits && none.Fits)
            return rfc.HasDoubled
                ? (true, $"as quotes are doubled inside of them{Where(isWhole)}")
                : (false, $"as every line has {Fields(none)}{Where(isWhole)} and no quote is doubled inside of others");
        if (rfc.SwallowsRecords && !rfc.HasDoubled)
            return (false, $"as otherwise they swallow lines that have {Fields(rfc)}{Where(isWhole)}");
        if (rfc.Fits || none.Fits)
            return (rfc.Fits, $"as only then every record has {Fields(rfc.Fits ? rfc : none)}{Where(isWhole)}");
        if (rfc.NeverCloses)
            return (false, $"as otherwise one would never close{Where(isWhole)}");
        return OfMisfits(rfc, none, isWhole);
    }

    private static (bool IsRfc, string Why) OfMisfits(QuoteReading rfc, QuoteReading none, bool isWhole)
    {
        string misfits = $"the records{Where(isWhole)} that do not fit the header";
        string doubled = rfc.HasDoubled ? "quotes are doubled inside of them" : "no quote is doubled inside of others";
        if (rfc.Misfits == none.Misfits)
            return (rfc.HasDoubled, string.Create(
                CultureInfo.InvariantCulture, $"as {misfits} are {rfc.Misfits} either way and {doubled}"));
        return (rfc.Misfits < none.Misfits, string.Create(
            CultureInfo.InvariantCulture,
            $"as {misfits} then are {Math.Min(rfc.Misfits, none.Misfits)}, "
            + $"otherwise {Math.Max(rfc.Misfits, none.Misfits)}"));
    }

    // gau's own tables, whose quotes are known.
    private static bool IsOfResults(IReadOnlyList<string> header) =>
        header is ["id", .., "error"]
        && string.Join('\n', header).Contains("\ntokens\ntruncated\nempty\n", StringComparison.Ordinal);

    private static bool HasColumns(QuoteReading reading, RecordFields fields) =>
        reading.Header.Contains(fields.Choices ?? fields.Text)
        && (fields.Pair is null || reading.Header.Contains(fields.Pair));

    private static string Fields(QuoteReading reading) => string.Create(
        CultureInfo.InvariantCulture,
        $"the {(reading.IsNamed ? "header" : "first record")}'s {reading.Header.Count} "
            + $"field{(reading.Header.Count == 1 ? "" : "s")}");

    private static string Where(bool isWhole) => isWhole ? "" : " in the first MiB";
}
