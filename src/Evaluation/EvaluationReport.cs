using GauRuntime.Evaluation.Metrics;

namespace GauRuntime.Evaluation;

/// <summary>What the answers of a head are worth.</summary>
internal sealed record EvaluationReport
{
    /// <summary>The CLUE task, or null.</summary>
    public required string? Task { get; init; }

    /// <summary>All records.</summary>
    public required long Records { get; init; }

    /// <summary>Records with an answer and no label: they are predicted only.</summary>
    public required long Unlabelled { get; init; }

    /// <summary>Records whose text was cut.</summary>
    public required long Truncated { get; init; }

    /// <summary>Records without an answer, or without a valid label; no figure counts them.</summary>
    public required RejectReasons Rejected { get; init; }

    /// <summary>The figures.</summary>
    public required HeadEvaluation Evaluation { get; init; }

    /// <summary>What a page shows besides, where one is wanted.</summary>
    public required EvaluationDetails? Details { get; init; }
}
