using GauRuntime.Parquet;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>What a value of a result row is.</summary>
internal enum ResultType
{
    /// <summary>The record's id: any JSON scalar.</summary>
    Id,
    /// <summary>A text; null is a value too.</summary>
    Text,
    /// <summary>A 32-bit float.</summary>
    Number,
    /// <summary>A 32-bit float: the probability of a label, whose name stands behind <c>p_</c>.</summary>
    Probability,
    /// <summary>A whole number.</summary>
    Whole,
    /// <summary>A truth value.</summary>
    Flag,
    /// <summary>A truth value that JSON leaves out where it is false.</summary>
    RareFlag,
    /// <summary>A list of 32-bit floats.</summary>
    Numbers,
    /// <summary>Anything else, as JSON.</summary>
    Json,
    /// <summary>Why the record was rejected; then the row has no other value but the id.</summary>
    Error,
    /// <summary>The record's id: a date of Parquet; in JSON a text such as 2026-11-29.</summary>
    DateId,
    /// <summary>The record's id: a UUID of Parquet; in JSON a text.</summary>
    UuidId,
    /// <summary>A list of 16-bit floats.</summary>
    Halves,
    /// <summary>
    /// A list of whole numbers from −127 to 127 that are to be multiplied by the <see cref="Scale"/> before it; in JSON
    /// they are multiplied already.
    /// </summary>
    SignedBytes,
    /// <summary>The scale of the vector that follows, a 32-bit float.</summary>
    Scale,
    /// <summary>A field of the record, as all that follow: null everywhere.</summary>
    FieldNull,
    /// <summary>A truth value.</summary>
    FieldFlag,
    /// <summary>A text.</summary>
    FieldText,
    /// <summary>A whole number that a 64-bit float tells from its neighbours.</summary>
    FieldWhole,
    /// <summary>A whole number of 64 bits.</summary>
    FieldLong,
    /// <summary>A 64-bit float.</summary>
    FieldNumber,
    /// <summary>Values of several types, lists, objects and numbers that no other type holds, as JSON.</summary>
    FieldJson,
}

/// <summary>A value that the rows of a result may hold.</summary>
/// <param name="Name">Its name: that of the column, and the key in JSON of all but probabilities.</param>
/// <param name="Type">What it is.</param>
internal sealed record ResultColumn(string Name, ResultType Type)
{
    /// <summary>What stands before a label in the name of its probability's column.</summary>
    internal const string ProbabilityPrefix = "p_";

    /// <summary>Whether it is the record's id.</summary>
    internal bool IsId => Type is ResultType.Id or ResultType.DateId or ResultType.UuidId;

    /// <summary>Whether it is a list of numbers.</summary>
    internal bool IsVector => Type is ResultType.Numbers or ResultType.Halves or ResultType.SignedBytes;

    /// <summary>The label whose probability it is.</summary>
    internal string Label => Name[ProbabilityPrefix.Length..];

    /// <summary>All values that a task's rows may hold, in order.</summary>
    /// <param name="answer">The task's own.</param>
    /// <param name="fields">How its records are read.</param>
    public static IReadOnlyList<ResultColumn> OfRows(IReadOnlyList<ResultColumn> answer, RecordFields fields)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(fields);
        List<ResultColumn> columns =
            [new("id", ResultType.Id), .. RowTexts.Columns(fields), .. OfAnswers(answer, fields)];
        if (fields.KeepOthers)
            columns.Add(new(KeptFields.Key, ResultType.Json));
        columns.Add(new("error", ResultType.Error));
        return columns;
    }

    /// <summary>The column of the records' ids, which keep the type that they have in Parquet.</summary>
    internal static ResultColumn OfId(Annotation annotation) => new("id", annotation switch
    {
        Annotation.Date => ResultType.DateId,
        Annotation.Uuid => ResultType.UuidId,
        _ => ResultType.Id,
    });

    /// <summary>Those between a record's id and its other fields.</summary>
    internal static IReadOnlyList<ResultColumn> OfAnswers(IReadOnlyList<ResultColumn> answer, RecordFields fields)
    {
        List<ResultColumn> columns =
        [
            .. answer, new("tokens", ResultType.Whole), new("truncated", ResultType.Flag),
            new("empty", ResultType.RareFlag),
        ];
        if (fields.ReplaceInvalid)
            columns.Add(new("replaced", ResultType.RareFlag));
        return columns;
    }

    /// <summary>The columns of a vector.</summary>
    internal static IReadOnlyList<ResultColumn> OfVector(VectorPrecision precision) => precision switch
    {
        VectorPrecision.F16 => [new("embedding", ResultType.Halves)],
        VectorPrecision.Int8 => [new("scale", ResultType.Scale), new("embedding", ResultType.SignedBytes)],
        _ => [new("embedding", ResultType.Numbers)],
    };

    /// <summary>The column of a label's probability.</summary>
    internal static ResultColumn OfProbability(string label) => new(ProbabilityPrefix + label, ResultType.Probability);
}
