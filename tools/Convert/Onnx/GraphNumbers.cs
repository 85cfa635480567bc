using System.Buffers.Binary;
using System.Globalization;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Onnx;

/// <summary>Numbers among the constants of a graph.</summary>
internal static class GraphNumbers
{
    /// <summary>The sizes of a shape, null for those that are computed.</summary>
    public static long?[] Sizes(OnnxCheckpoint export, string shape)
    {
        if (Integers(export, shape) is { } known)
            return [.. known.Select(size => (long?)size)];
        return export.Graph.ProducerOf(shape) is { Op: "Concat" } parts
            ? [.. parts.Inputs.SelectMany(part => Integers(export, part)?.Select(size => (long?)size) ?? [null])]
            : [];
    }

    /// <summary>Whole numbers that a value is, or null where it is computed.</summary>
    private static long[]? Integers(OnnxCheckpoint export, string value)
    {
        const int most = 8;
        // A size alone is widened to a list of one before it is joined with others.
        if (export.Graph.ProducerOf(value) is { Op: "Unsqueeze" } widened)
            value = widened.Input(0);
        if (export.Graph.ProducerOf(value) is { Op: "Constant" } node
            && (node.Attributes.GetValueOrDefault("value_ints") ?? node.Attributes.GetValueOrDefault("value_int"))
            is { } stated)
            return [.. stated.Ints];
        if (export.Graph.ConstantOf(value) is not { File: null } constant
            || constant.Entry is not { Type: ElementType.Int64, ElementCount: <= most })
            return null;
        byte[] bytes = new byte[constant.Entry.ByteLength];
        export.Read(constant, bytes);
        return [.. bytes.Chunk(sizeof(long)).Select(number => BinaryPrimitives.ReadInt64LittleEndian(number))];
    }

    /// <summary>A number that a value is, and whether it is one of float16; null where it is none.</summary>
    public static (double Value, bool IsHalf)? Number(OnnxCheckpoint export, string value)
    {
        if (export.Graph.ProducerOf(value) is { Op: "Constant" } node
            && node.Attributes.GetValueOrDefault("value_float")?.Float is { } stated)
            return (Shortest(stated), false);
        if (export.Graph.ConstantOf(value) is not { Entry: { ElementCount: 1 } entry, File: null } constant
            || entry.Type is not (ElementType.Float32 or ElementType.Float16 or ElementType.Float64))
            return null;
        byte[] bytes = new byte[entry.ByteLength];
        export.Read(constant, bytes);
        float[] single = new float[1];
        Elements.ToSingle(entry.Type, bytes, single);
        return (Shortest(single[0]), entry.Type == ElementType.Float16);
    }

    /// <summary>The number that people wrote, where it was rounded to single precision: 1e-12.</summary>
    public static double Shortest(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
