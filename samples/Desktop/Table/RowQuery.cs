namespace GauRuntime.Desktop.Table;

/// <summary>By what rows are sorted. Of equals the one of the lower number comes first, in both directions.</summary>
internal enum RowOrder
{
    Number,
    Label,
    Score,
    Tokens,
}

/// <summary>Which rows of a table are wanted, and in which order.</summary>
internal sealed record RowQuery
{
    /// <summary>Those of these labels; null: all.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Those of at least this score; null: all, those without a score too.</summary>
    public float? From { get; init; }

    /// <summary>Those of at most this score; null: all, those without a score too.</summary>
    public float? To { get; init; }

    /// <summary>Those whose texts have it, whatever the case of its letters; null or empty: all.</summary>
    public string? Text { get; init; }

    /// <summary>Those that were rejected, or those that were not; null: all.</summary>
    public bool? Rejected { get; init; }

    public RowOrder Order { get; init; }

    public bool Descending { get; init; }

    /// <summary>Whether all rows are wanted, as they stand.</summary>
    public bool IsAll =>
        Labels is null && From is null && To is null && string.IsNullOrEmpty(Text) && Rejected is null
        && Order == RowOrder.Number && !Descending;

    public bool Equals(RowQuery? other) =>
        other is not null && From == other.From && To == other.To && Text == other.Text
        && Rejected == other.Rejected && Order == other.Order && Descending == other.Descending
        && (Labels, other.Labels) switch
        {
            (null, null) => true,
            ({ } mine, { } others) => mine.SequenceEqual(others, StringComparer.Ordinal),
            _ => false,
        };

    public override int GetHashCode() => HashCode.Combine(From, To, Text, Rejected, Order, Descending, Labels?.Count);
}
