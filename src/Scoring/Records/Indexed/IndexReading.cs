using System.Globalization;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>How an input is read, as far as that says where records end.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Encoding">What its characters are read as.</param>
/// <param name="Quotes">What quotes mean, in CSV and TSV.</param>
/// <param name="Delimiter">What separates the fields of those; else 0.</param>
/// <param name="HasHeader">Whether the first line of those names their columns.</param>
/// <param name="IsSingle">Whether they have one column, so that an empty line is a record.</param>
internal readonly record struct IndexReading(
    RecordFormat Format, TextEncoding Encoding, FieldQuotes Quotes, byte Delimiter, bool HasHeader, bool IsSingle)
{
    /// <summary>Of a format that has no columns.</summary>
    public static IndexReading Of(RecordFormat format, TextEncoding encoding) =>
        new(format, encoding, FieldQuotes.Rfc, 0, true, false);

    /// <summary>The state behind a byte outside of quotes that is no quote and ends no line.</summary>
    public LineState Behind(byte outside) =>
        outside == Delimiter && Quotes == FieldQuotes.Rfc ? LineState.FieldStart : LineState.Plain;

    /// <summary>In words that the command line uses.</summary>
    public override string ToString()
    {
        string format = RecordFormats.Extension(Format)[1..];
        if (RecordFormats.IsTable(Format))
            return format;
        string text = $"{format} in {Encoding.FullName()}";
        return RecordFormats.IsDelimited(Format)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{text}, quotes {(Quotes == FieldQuotes.Rfc ? "rfc" : "none")}, {DelimitedHeader.Name(Delimiter)} "
                + $"between fields, {(HasHeader ? "a header" : "no header")}, {(IsSingle ? "one column" : "columns")}")
            : text;
    }
}
