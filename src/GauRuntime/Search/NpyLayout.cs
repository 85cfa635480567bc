using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Search;

/// <summary>What a file of NumPy's says of its array: the type, the shape, and where the numbers begin.</summary>
internal sealed partial record NpyLayout(NumberType Type, long Rows, int Columns, long Offset)
{
    private const int Fixed = 10, LongFixed = 12;   // magic, version and the header's length, of versions 1 and 2
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Whether a file begins as such files do.</summary>
    /// <param name="start">Its first bytes.</param>
    public static bool IsIn(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>Reads the header.</summary>
    /// <exception cref="GauFormatException">It is no array of vectors.</exception>
    public static NpyLayout Read(FileView file)
    {
        Span<byte> start = stackalloc byte[LongFixed];
        if (file.Length < start.Length)
            throw Fault("shorter than its header");
        file.Read(0, start);
        if (!IsIn(start))
            throw Fault("it does not begin as files of NumPy do");
        int major = start[Magic.Length];
        if (major is not (1 or 2 or 3))
            throw Fault($"version {major}; known are 1 to 3");
        int before = major == 1 ? Fixed : LongFixed;
        long length = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > LongestHeader || before + length > file.Length)
            throw Fault($"a header of {length} bytes");
        byte[] text = new byte[length];
        file.Read(before, text);
        return Parse(Encoding.UTF8.GetString(text), before + length, Fault).Fitting(file.Length, Fault);

        GauFormatException Fault(string reason) => new(file.Path, "header", reason);
    }

    private static NpyLayout Parse(string text, long offset, Func<string, GauFormatException> fault)
    {
        string type = Described().Match(text) is { Success: true } found ? found.Groups[1].Value : "?";
        if (!FortranOrder().IsMatch(text))
            throw fault("rows have to stand one after the other ('fortran_order': False)");
        if (Shape().Match(text) is not { Success: true } shape
            || !long.TryParse(shape.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long rows)
            || !int.TryParse(shape.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int columns))
            throw fault("the shape is not (vectors, dimensions)");
        return new NpyLayout(
            type switch
            {
                "<f4" => NumberType.Single,
                "<f2" => NumberType.Half,
                "|i1" or "<i1" => NumberType.Int8,
                _ => throw fault($"numbers of type {type}; vectors are of <f4, <f2 or |i1"),
            },
            rows, columns, offset);
    }

    private NpyLayout Fitting(long length, Func<string, GauFormatException> fault)
    {
        if (Columns is < 1 or > EmbeddingLimits.MostDimensions)
            throw fault($"{Columns} dimensions; there may be 1 to {EmbeddingLimits.MostDimensions}");
        if (Rows > EmbeddingLimits.MostVectors)
            throw fault($"{Rows} vectors; there may be {EmbeddingLimits.MostVectors}");
        long bytes = Rows * Columns * Type.Bytes();
        return Offset + bytes == length
            ? this
            : throw fault($"{length - Offset} bytes of numbers, where the shape ({Rows}, {Columns}) has {bytes}");
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""")]
    private static partial Regex Described();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*False""")]
    private static partial Regex FortranOrder();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(\s*(\d+)\s*,\s*(\d+)\s*,?\s*\)""")]
    private static partial Regex Shape();
}

/// <summary>How many vectors there may be, and how long.</summary>
internal static class EmbeddingLimits
{
    /// <summary>Numbers of a vector: sums of products of so many fit into 32 bits.</summary>
    public const int MostDimensions = 1 << 16;

    /// <summary>Vectors: they are numbered by integers, and sums of so many fit into 64 bits.</summary>
    public const int MostVectors = int.MaxValue - 64;
}
