namespace GauRuntime.Scoring.Records;

/// <summary>The fields of one CSV or TSV record, one after the other, as bytes.</summary>
/// <param name="record">The record without its end.</param>
/// <param name="delimiter">What separates fields.</param>
/// <param name="quotes">Whether quotes at the start of a field mean something.</param>
internal ref struct DelimitedFields(ReadOnlySpan<byte> record, byte delimiter, bool quotes)
{
    private const byte Quote = (byte)'"';

    private ReadOnlySpan<byte> rest = record;
    private bool ended;

    /// <summary>The field, without the quotes around it; those inside are still doubled.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether it stands in quotes.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>Whether something stands behind its closing quote; it is then as it stands there.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Goes to the next field; there is at least one.</summary>
    /// <returns>False behind the last.</returns>
    public bool Next()
    {
        if (ended)
            return false;
        int closed = quotes && rest is [Quote, ..] ? QuotedLength(rest) : 0;
        int behind = rest[closed..].IndexOf(delimiter);
        int length = behind < 0 ? rest.Length : closed + behind;
        IsTorn = closed > 0 && length > closed;
        IsQuoted = closed > 0 && !IsTorn;
        bool isClosed = IsQuoted && closed > 1 && rest[closed - 1] == Quote;
        Current = IsQuoted ? rest[1..(isClosed ? closed - 1 : closed)] : rest[..length];
        ended = length == rest.Length;
        rest = ended ? [] : rest[(length + 1)..];
        return true;
    }

    // To behind the closing quote, or all there is.
    private static int QuotedLength(ReadOnlySpan<byte> field)
    {
        for (int i = 1, next; (next = field[i..].IndexOf(Quote)) >= 0; i += 2)
        {
            i += next;
            if (i + 1 == field.Length || field[i + 1] != Quote)
                return i + 1;
        }
        return field.Length;
    }
}
