namespace GauRuntime.Search;

/// <summary>How the numbers of vectors are stored.</summary>
internal enum NumberType
{
    /// <summary>Little-endian floats of 32 bits.</summary>
    Single,
    /// <summary>Little-endian floats of 16 bits.</summary>
    Half,
    /// <summary>
    /// Integers of −128 … 127 that are a vector once they are multiplied by a positive scale, which changes no cosine
    /// and is not needed for one.
    /// </summary>
    Int8,
}

/// <summary>Sizes of types.</summary>
internal static class NumberTypes
{
    /// <summary>Bytes of a number.</summary>
    public static int Bytes(this NumberType type) => type switch
    {
        NumberType.Single => sizeof(float),
        NumberType.Half => sizeof(short),
        _ => sizeof(sbyte),
    };
}
