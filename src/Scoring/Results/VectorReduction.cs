using System.Runtime.InteropServices;
using System.Text.Json;

namespace GauRuntime.Scoring.Results;

/// <summary>Takes vectors out of rows, and makes of them what is stored.</summary>
/// <remarks>
/// Whole numbers from −127 to 127 are v / scale to the nearest, of two the even one; the scale is max |v| / 127. A
/// vector that comes with its scale has been reduced before, and is stored as it was. Used again for one vector after
/// another.
/// </remarks>
internal sealed class VectorReduction(VectorPrecision precision)
{
    private const int Greatest = 127;

    private readonly List<float> exact = [];
    private readonly List<float> reduced = [];   // as it will be read

    /// <summary>
    /// How near what is stored is to what came; of vectors that were reduced before nothing is known.
    /// </summary>
    public CosineLoss Loss { get; } = new();

    /// <summary>Numbers of the last vector.</summary>
    public int Count => exact.Count;

    /// <summary>What whole numbers are multiplied by.</summary>
    public float Scale { get; private set; }

    /// <summary>Reads a vector, at whose beginning a reader stands.</summary>
    /// <param name="json">Stands at its end then.</param>
    /// <param name="scale">The scale by which it has been reduced before; null: it has not.</param>
    /// <exception cref="JsonException">It is no vector.</exception>
    /// <exception cref="FormatException">A number is out of range.</exception>
    public void Read(ref Utf8JsonReader json, float? scale)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException();
        exact.Clear();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            exact.Add(json.GetSingle());
        ReadOnlySpan<float> values = CollectionsMarshal.AsSpan(exact);
        Scale = scale ?? ScaleOf(values);
        if (precision == VectorPrecision.F32)
            return;
        CollectionsMarshal.SetCount(reduced, exact.Count);
        for (int i = 0; i < exact.Count; i++)
            reduced[i] = precision == VectorPrecision.F16 ? (float)HalfFloat(i) : Scale * Whole(i);
        if (scale is null)
            Loss.Add(Cosine.Of(values, CollectionsMarshal.AsSpan(reduced)));
    }

    /// <summary>A number as it came.</summary>
    public float Float(int index) => exact[index];

    /// <summary>A number as a 16-bit float.</summary>
    public Half HalfFloat(int index) => (Half)exact[index];

    /// <summary>A number as one from −127 to 127.</summary>
    public int Whole(int index)
    {
        // Divided by the least floats there are, a number may be more than that.
        float quotient = Scale == 0 ? 0 : exact[index] / Scale;
        return (int)Math.Clamp(MathF.Round(quotient, MidpointRounding.ToEven), -Greatest, Greatest);
    }

    private static float ScaleOf(ReadOnlySpan<float> values)
    {
        float greatest = 0;
        foreach (float value in values)
            greatest = Math.Max(greatest, Math.Abs(value));
        return greatest / Greatest;
    }
}
