using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Tasks;

/// <summary>A record inside a batch, or a part of one, with the answer it waits for.</summary>
internal readonly struct BatchEntry
{
    /// <summary>What a record takes besides its texts.</summary>
    public const long BytesPerRecord = 512;

    public required TextRecord Record { get; init; }

    /// <summary>Its own, or that of an equal text before it, or an error that is known already.</summary>
    public required SharedAnswer Answer { get; init; }

    /// <summary>The input's <see cref="RecordSource.Digest"/> after this record.</summary>
    public required UInt128 InputDigest { get; init; }

    /// <summary>What it and its row take at most.</summary>
    public required long Bytes { get; init; }

    /// <summary>Which part of the record it is, from 0, and whether no other follows.</summary>
    public int Part { get; init; }

    /// <inheritdoc cref="Part"/>
    public required bool IsLast { get; init; }

    /// <summary>Its index in the batch, or −1: there is nothing to compute.</summary>
    public required int Input { get; init; }
}
