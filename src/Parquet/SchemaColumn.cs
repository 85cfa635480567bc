namespace GauRuntime.Parquet;

/// <summary>A column of values: a leaf of a file's schema.</summary>
internal sealed record SchemaColumn
{
    /// <summary>Its place among all leaves, which is its place in every row group.</summary>
    public required int Index { get; init; }

    /// <summary>The name of the field at the top that it belongs to.</summary>
    public required string Field { get; init; }

    public required PhysicalType Type { get; init; }

    /// <summary>Bytes of a value of fixed length.</summary>
    public int Length { get; init; }

    public Annotation Annotation { get; init; }

    /// <summary>Digits after the point of a decimal; 3, 6 or 9 for the unit of a time.</summary>
    public int Scale { get; init; }

    /// <summary>Whether a timestamp is in UTC, or else local.</summary>
    public bool IsUtc { get; init; }

    /// <summary>The definition level of a value that is there.</summary>
    public int MaxDefinition { get; init; }

    /// <summary>The repetition level of the innermost list; 0: one value per row.</summary>
    public int MaxRepetition { get; init; }

    /// <summary>The definition level from which on a list has an element.</summary>
    public int ElementDefinition { get; init; }

    /// <summary>Whether it is not inside of a struct, map or list.</summary>
    public bool IsFlat { get; init; }

    /// <summary>Whether its values are bytes that can be text.</summary>
    public bool HoldsText =>
        Type == PhysicalType.ByteArray && Annotation is Annotation.None or Annotation.Text or Annotation.Json;

    /// <summary>Whether its values are whole numbers.</summary>
    public bool HoldsWholeNumbers =>
        Type is PhysicalType.Int32 or PhysicalType.Int64
        && Annotation is Annotation.None or Annotation.Signed or Annotation.Unsigned;

    /// <summary>What it holds, in words.</summary>
    public string Kind
    {
        get
        {
            string type = Annotation is Annotation.None or Annotation.Signed or Annotation.Other
                ? Type.ToString()
                : Annotation.ToString();
            return MaxRepetition > 0 ? $"lists of {type}" : IsFlat ? type : $"structures with {type}";
        }
    }
}
