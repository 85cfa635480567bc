using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Scoring.Results;

/// <summary>The fields that are carried from records to tables of results, where each is a column.</summary>
internal static class KeptFields
{
    /// <summary>So many fields are columns; those that come later stay together in one of JSON.</summary>
    public const int MostColumns = 1000;

    /// <summary>The key of them all in JSON, and the column of those that have none of their own.</summary>
    public const string Key = "fields";

    private const string Prefix = Key + ".";
    private const long MostWhole = 1L << 53;   // up to here a 64-bit float tells whole numbers apart
    private const int MostDigits = 17;         // of which no 64-bit float has more

    // What columns of results are called.
    private static readonly FrozenSet<string> Taken = new[]
    {
        "id", "record", "text", "pair", "choices", "label", "score", "labels", "probabilities", "value", "entities",
        "choice", "answer", "start", "end", "scale", "embedding", "masks", "results", "rejected", "candidate", "rank",
        "top", "abstained", "windows", "tokens", "truncated", "empty", "replaced", Key, "error",
    }.ToFrozenSet();

    /// <summary>The name of a field's column: the field's, with <c>fields.</c> before it where results have such.
    /// </summary>
    public static string ColumnOf(string field) =>
        Taken.Contains(field) || field.StartsWith(Prefix, StringComparison.Ordinal)
            || field.StartsWith(ResultColumn.ProbabilityPrefix, StringComparison.Ordinal)
            ? Prefix + field
            : field;

    /// <summary>The field whose column has that name.</summary>
    public static string FieldOf(string column) =>
        column.StartsWith(Prefix, StringComparison.Ordinal) ? column[Prefix.Length..] : column;

    /// <summary>Whether a column is a field's.</summary>
    public static bool IsIn(ResultType type) => type is >= ResultType.FieldNull and <= ResultType.FieldJson;

    /// <summary>The least type that holds values of both.</summary>
    public static ResultType Join(ResultType one, ResultType other) => (one, other) switch
    {
        _ when one == other => one,
        (ResultType.FieldNull, _) => other,
        (_, ResultType.FieldNull) => one,
        (ResultType.FieldWhole, ResultType.FieldLong) or (ResultType.FieldLong, ResultType.FieldWhole) =>
            ResultType.FieldLong,
        (ResultType.FieldWhole, ResultType.FieldNumber) or (ResultType.FieldNumber, ResultType.FieldWhole) =>
            ResultType.FieldNumber,
        _ => ResultType.FieldJson,
    };

    /// <summary>The type of a value by what it is, however it is spelled.</summary>
    /// <param name="json">Stands at the value.</param>
    public static ResultType TypeOf(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => ResultType.FieldNull,
        JsonTokenType.True or JsonTokenType.False => ResultType.FieldFlag,
        JsonTokenType.String => IsText(ref json) ? ResultType.FieldText : ResultType.FieldJson,
        JsonTokenType.Number when TryWhole(ref json, out long whole) =>
            whole is >= -MostWhole and <= MostWhole ? ResultType.FieldWhole : ResultType.FieldLong,
        JsonTokenType.Number when IsNumber(ref json) => ResultType.FieldNumber,
        _ => ResultType.FieldJson,
    };

    /// <summary>The whole number that a value is, in whatever spelling; negative zero is none.</summary>
    public static bool TryWhole(ref Utf8JsonReader json, out long whole)
    {
        if (Utf8Parser.TryParse(json.ValueSpan, out whole, out int used) && used == json.ValueSpan.Length)
            return whole != 0 || json.ValueSpan[0] != (byte)'-';
        bool isWhole = IsNumber(ref json) && json.GetDouble() is var number
            && double.IsInteger(number) && Math.Abs(number) <= MostWhole && !(number == 0 && double.IsNegative(number));
        whole = isWhole ? (long)json.GetDouble() : 0;
        return isWhole;
    }

    /// <summary>
    /// Writes a value in the one spelling that it has in a table, so that it does not matter which types it went
    /// through: lists and objects as they are, and what no type holds.
    /// </summary>
    /// <param name="json">Stands at the value, and at its end then.</param>
    /// <param name="row">What it reads.</param>
    /// <param name="output">Where the value goes.</param>
    public static void Write(ref Utf8JsonReader json, ReadOnlySpan<byte> row, Utf8JsonWriter output)
    {
        switch (TypeOf(ref json))
        {
            case ResultType.FieldText:
                output.WriteStringValue(json.GetString());
                break;
            case ResultType.FieldWhole or ResultType.FieldLong:
                _ = TryWhole(ref json, out long whole);
                output.WriteNumberValue(whole);
                break;
            case ResultType.FieldNumber:
                output.WriteRawValue(
                    json.GetDouble().ToString("R", CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            default:
                int start = (int)json.TokenStartIndex;
                json.Skip();
                output.WriteRawValue(row[start..(int)json.BytesConsumed], skipInputValidation: true);
                break;
        }
    }

    // Half of a surrogate pair can be spelled in JSON, and is no text.
    private static bool IsText(ref Utf8JsonReader json)
    {
        try
        {
            return !json.ValueIsEscaped || json.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Whether a 64-bit float holds it.
    private static bool IsNumber(ref Utf8JsonReader json)
    {
        int digits = 0;
        bool isZero = true;
        foreach (byte b in json.ValueSpan)
        {
            if (b is (byte)'e' or (byte)'E')
                break;
            isZero &= b is not (>= (byte)'1' and <= (byte)'9');
            digits += !isZero && char.IsAsciiDigit((char)b) ? 1 : 0;
        }
        return digits <= MostDigits && json.TryGetDouble(out double number)
            && double.IsFinite(number) && (number == 0) == isZero;
    }
}
