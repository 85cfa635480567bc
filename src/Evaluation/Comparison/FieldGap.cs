using GauRuntime.Evaluation.Rows;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>Records whose field cannot be compared, or not wholly.</summary>
internal sealed class FieldGap(ResultField resultField)
{
    /// <summary>The field.</summary>
    public string Name => resultField.Name;

    /// <summary>Records that have it only in A.</summary>
    public long OnlyInA { get; private set; }

    /// <summary>Records that have it only in B.</summary>
    public long OnlyInB { get; private set; }

    /// <summary>Records where it has other labels, or another length.</summary>
    public long OtherShape { get; internal set; }

    /// <summary>All of them.</summary>
    public long Records => OnlyInA + OnlyInB + OtherShape;

    /// <summary>Counts a record, if only one of its rows has the field.</summary>
    internal void Add(ResultRow a, ResultRow b)
    {
        bool inA = resultField.IsIn(a), inB = resultField.IsIn(b);
        OnlyInA += inA && !inB ? 1 : 0;
        OnlyInB += inB && !inA ? 1 : 0;
    }
}
