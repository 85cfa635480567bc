namespace GauRuntime.Scoring.Records;

/// <summary>What a quote at the start of a CSV or TSV field means.</summary>
public enum FieldQuotes
{
    /// <summary>
    /// What the first MiB of the input tells: the reading under which every record has the header's number of fields.
    /// Usual for TSV.
    /// </summary>
    Auto,
    /// <summary>RFC 4180: the field ends at the next quote that is not doubled. Usual for CSV.</summary>
    Rfc,
    /// <summary>Nothing: a quote is a character like others, and the end of a line always ends a record.</summary>
    None,
}
