using GauRuntime.Scoring.Formats;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>A record inside a batch: scored, or with the error that keeps it from being scored.</summary>
internal sealed class BatchEntry
{
    public required TextRecord Record { get; init; }

    /// <summary>Why there is nothing to score, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Index of its first sequence in the batch.</summary>
    public int FirstText { get; init; }

    /// <summary>Number of its sequences.</summary>
    public int TextCount { get; init; }

    /// <summary>Tokens of all its sequences.</summary>
    public int Tokens { get; init; }

    public bool Truncated { get; init; }

    public bool Empty { get; init; }

    /// <summary>Token ids of its first sequence, where the task asks for them.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>Places of those tokens in the text.</summary>
    public TokenSpan[] Spans { get; init; } = [];
}
