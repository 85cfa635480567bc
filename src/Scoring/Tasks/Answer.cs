namespace GauRuntime.Scoring.Tasks;

/// <summary>What a text gives; records of equal texts share it.</summary>
/// <remarks>Made by one thread, completed by a second, read by a third once its batch is done.</remarks>
internal sealed class Answer
{
    /// <summary>Tokens of all sequences.</summary>
    public int Tokens { get; init; }

    public bool Truncated { get; init; }

    public bool Empty { get; init; }

    /// <summary>What <see cref="Results.ResultRows.End"/> made of it, or null where there is an error.</summary>
    public byte[]? Row { get; set; }

    /// <summary>Why there is no answer.</summary>
    public string? Error { get; set; }
}
