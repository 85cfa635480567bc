namespace GauRuntime.Evaluation.Rows;

/// <summary>A value that a row may hold, and two rows may be compared in.</summary>
/// <param name="Name">Its name, as it stands in files.</param>
/// <param name="IsIn">Whether a row holds it.</param>
internal sealed record ResultField(string Name, Func<ResultRow, bool> IsIn)
{
    /// <summary>Those of which a row without an error has one or more.</summary>
    public static ResultField[] OfAnswers { get; } =
    [
        new("label", row => row.Label is not null),
        new("score", row => row.Score is not null),
        new("probabilities", row => row.Probabilities is not null),
        new("labels", row => row.Labels is not null),
        new("value", row => row.Value is not null),
        new("entities", row => row.Entities is not null),
        new("choice", row => row.Choice is not null),
        new("answer", row => row.Answer is not null),
        new("embedding", row => row.Embedding is not null),
        new("masks", row => row.Masks is not null),
        new("results", row => row.Results is not null),
    ];

    /// <summary>All, in the order of a report.</summary>
    public static ResultField[] All { get; } =
    [
        .. OfAnswers,
        new("tokens", row => row.Tokens is not null),
        new("truncated", row => row.Truncated is not null),
    ];
}
