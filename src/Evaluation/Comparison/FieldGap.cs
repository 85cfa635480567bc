namespace GauRuntime.Evaluation.Comparison;

/// <summary>Records whose field cannot be compared, or not wholly.</summary>
internal sealed class FieldGap
{
    internal FieldGap(string name) => Name = name;

    /// <summary>The field.</summary>
    public string Name { get; }

    /// <summary>Records that have it only in A.</summary>
    public long OnlyInA { get; internal set; }

    /// <summary>Records that have it only in B.</summary>
    public long OnlyInB { get; internal set; }

    /// <summary>Records where it has other labels, or another length.</summary>
    public long OtherShape { get; internal set; }

    /// <summary>All of them.</summary>
    public long Records => OnlyInA + OnlyInB + OtherShape;
}
