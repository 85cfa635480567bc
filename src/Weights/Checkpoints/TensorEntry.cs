namespace GauRuntime.Weights.Checkpoints;

/// <summary>Name, element type and shape of a tensor in a checkpoint.</summary>
/// <param name="Name">The name as stored.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The dimensions, outermost first; empty for a scalar. None is negative; zero is allowed.</param>
public sealed record TensorEntry(string Name, ElementType Type, IReadOnlyList<long> Shape)
{
    /// <summary>The type's name as stored, for types that are listed only (for example <c>F8_E4M3</c>).</summary>
    public string? StoredType { get; init; }

    /// <summary>Number of elements. Readers guarantee that it and <see cref="ByteLength"/> do not overflow.</summary>
    public long ElementCount
    {
        get
        {
            long count = 1;
            foreach (long dimension in Shape)
                count = checked(count * dimension);
            return count;
        }
    }

    /// <summary>Size of all elements in bytes; 0 for types without a fixed width.</summary>
    public long ByteLength => checked(ElementCount * Elements.Width(Type));

    /// <summary>The shape as <c>[768, 3200]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
