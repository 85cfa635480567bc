namespace GauRuntime.Evaluation.Comparison;

/// <summary>A value of a result that two files may be compared in.</summary>
internal enum ResultField
{
    Label,
    Score,
    Probabilities,
    Labels,
    Value,
    Entities,
    Choice,
    Answer,
    Embedding,
    Masks,
    Results,
    Tokens,
    Truncated,
}

/// <summary>Names of fields, as they stand in result files.</summary>
internal static class ResultFields
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "label", "score", "probabilities", "labels", "value", "entities", "choice", "answer", "embedding", "masks",
        "results", "tokens", "truncated",
    ];

    public static string Name(this ResultField field) => Names[(int)field];
}
