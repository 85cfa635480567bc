namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>What the bytes before a place say of those behind it, where records are looked for.</summary>
internal enum LineState : byte
{
    /// <summary>A record begins; of JSON Lines only white space may have come since.</summary>
    Start,
    /// <summary>As <see cref="Start"/>, but a line feed still belongs to the end of the record before.</summary>
    BehindReturn,
    /// <summary>Inside a record: a field begins.</summary>
    FieldStart,
    /// <summary>Inside a record, where quotes are plain characters.</summary>
    Plain,
    /// <summary>Inside of quotes.</summary>
    Quoted,
    /// <summary>Behind a quote inside of quotes, which is the last or the first of two.</summary>
    QuoteInQuoted,
}
