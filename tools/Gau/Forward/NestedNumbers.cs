using System.Text.Json;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Forward;

/// <summary>A nested array of whole numbers out of a JSON file, row-major.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
/// <param name="Values">[product of Shape]</param>
internal sealed record NestedNumbers(string Name, int[] Shape, int[] Values)
{
    private const int MostDimensions = 3;

    /// <summary>Where element <paramref name="index"/> stands, as <c>name[1][3]</c>.</summary>
    public string Place(int index)
    {
        string place = "";
        for (int d = Shape.Length - 1; d >= 0; index /= Shape[d--])
            place = $"[{index % Shape[d]}]{place}";
        return Name + place;
    }

    /// <summary>
    /// Reads the array at which the reader stands. Every row has the same length; whole numbers may be written as 1.0.
    /// </summary>
    /// <exception cref="GauFormatException">
    /// It is ragged, empty, too deep, or holds anything but whole numbers.
    /// </exception>
    public static NestedNumbers Read(ref Utf8JsonReader reader, string name, string file)
    {
        List<int> values = [];
        int[] shape = new int[MostDimensions];
        int rank = ReadLevel(ref reader, 0, shape, values, name, file);
        return new NestedNumbers(name, shape[..rank], [.. values]);
    }

    // Returns the rank below and at this level; a dimension's length is that of its first array.
    private static int ReadLevel(
        ref Utf8JsonReader reader, int depth, int[] shape, List<int> values, string place, string file)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new GauFormatException(file, place, "expected an array");
        if (depth == MostDimensions)
            throw new GauFormatException(file, place, $"an array of more than {MostDimensions} dimensions");
        int count = 0;
        int rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            string here = $"{place}[{count}]";
            int rankHere = 1;
            if (reader.TokenType == JsonTokenType.StartArray)
                rankHere += ReadLevel(ref reader, depth + 1, shape, values, here, file);
            else
                values.Add(WholeNumber(ref reader, here, file));
            if (count++ > 0 && rankHere != rank)
                throw new GauFormatException(file, here, "numbers and arrays mixed");
            rank = rankHere;
        }
        if (count == 0)
            throw new GauFormatException(file, place, "empty");
        if (shape[depth] != 0 && shape[depth] != count)
            throw new GauFormatException(file, place, $"{count} elements where the first row has {shape[depth]}");
        shape[depth] = count;
        return rank;
    }

    private static int WholeNumber(ref Utf8JsonReader reader, string place, string file)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt32(out int value))
                return value;
            if (reader.TryGetDouble(out double real) && real == Math.Floor(real) && Math.Abs(real) <= int.MaxValue)
                return (int)real;
        }
        throw new GauFormatException(file, place, "expected a whole number");
    }
}
