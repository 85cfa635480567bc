namespace GauRuntime.Scoring;

/// <summary>How the numbers of a vector are stored in a table of results.</summary>
public enum VectorPrecision
{
    /// <summary>As they were computed: 32-bit floats.</summary>
    F32,
    /// <summary>16-bit floats (IEEE 754), the nearest ones.</summary>
    F16,
    /// <summary>Whole numbers from −127 to 127, with a 32-bit scale for each vector.</summary>
    Int8,
}

/// <summary>Precisions by name.</summary>
internal static class VectorPrecisions
{
    /// <summary>All names, in the order of the values.</summary>
    public static IReadOnlyList<string> Names { get; } = ["f32", "f16", "int8"];

    /// <summary>The name of a precision.</summary>
    public static string NameOf(VectorPrecision precision) => Names[(int)precision];

    /// <summary>The precision of a name, or null.</summary>
    public static VectorPrecision? Parse(string? name)
    {
        for (int i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
                return (VectorPrecision)i;
        }
        return null;
    }
}
