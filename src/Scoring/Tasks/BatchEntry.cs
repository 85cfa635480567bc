using GauRuntime.Scoring.Records;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>A record inside a batch, with the answer it waits for.</summary>
internal readonly struct BatchEntry
{
    /// <summary>What a record takes besides its texts.</summary>
    public const long BytesPerRecord = 512;

    public required TextRecord Record { get; init; }

    /// <summary>Its own, or that of an equal text before it, or an error that is known already.</summary>
    public required Answer Answer { get; init; }

    /// <summary>The input's <see cref="RecordSource.Digest"/> after this record.</summary>
    public required UInt128 InputDigest { get; init; }

    /// <summary>What it and its row take at most.</summary>
    public required long Bytes { get; init; }

    /// <summary>Index of its first sequence in the batch.</summary>
    public required int FirstText { get; init; }

    /// <summary>Number of its sequences; 0: there is nothing to compute.</summary>
    public required int TextCount { get; init; }

    /// <summary>Token ids of its first sequence, where the task asks for them.</summary>
    public required int[] Ids { get; init; }

    /// <summary>Places of those tokens in the text.</summary>
    public required TokenSpan[] Spans { get; init; }
}
