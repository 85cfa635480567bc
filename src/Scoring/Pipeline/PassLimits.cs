namespace GauRuntime.Scoring.Pipeline;

/// <summary>What goes through the model at once on a thread's own buffers.</summary>
/// <remarks>
/// Texts are limited as well as tokens, because the keys of each take whole blocks of memory. Whatever is longer goes
/// through the buffers for long texts, one text at a time.
/// </remarks>
/// <param name="options">How a run works.</param>
internal sealed class PassLimits(ScoringOptions options)
{
    private const int TokensPerText = 16;

    /// <summary>Tokens of a batch.</summary>
    public int Tokens { get; } = options.BatchTokens;

    /// <summary>Texts of a batch.</summary>
    public int Texts { get; } = Math.Max(1, options.BatchTokens / TokensPerText);

    /// <summary>Whether a batch is within both.</summary>
    public bool Allow(int tokens, int texts) => tokens <= Tokens && texts <= Texts;
}
