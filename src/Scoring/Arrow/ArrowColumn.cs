using System.Buffers.Binary;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>The values of a field in a record batch, or in a dictionary. Not thread-safe.</summary>
/// <param name="Field">The field.</param>
/// <param name="Length">How many values there are.</param>
/// <param name="Buffers">
/// Whether values are there (empty: all are), then what <see cref="ArrowShape"/> says. They may be shorter than it
/// takes to hold all values: every place is checked when it is read.
/// </param>
/// <param name="Children">The columns of the fields inside.</param>
/// <param name="Dictionary">The parts of the dictionary, where values stand in one.</param>
internal sealed record ArrowColumn(
    ArrowField Field, long Length, IReadOnlyList<ReadOnlyMemory<byte>> Buffers, IReadOnlyList<ArrowColumn> Children,
    IReadOnlyList<ArrowColumn>? Dictionary)
{
    private const int ViewLength = 16, LongestInView = 12;

    private readonly byte[] converted = new byte[32];

    /// <summary>Whether there is a null in the place of a value.</summary>
    public bool IsNull(long index)
    {
        Require(index);
        if (Field.Shape == ArrowShape.Null || !Buffers[0].IsEmpty && !Bit(0, index))
            return true;
        return Dictionary is not null && InDictionary(index) is var (part, at) && part.IsNull(at);
    }

    /// <summary>A value that is there, as the bytes that PLAIN would store; until the next is asked for.</summary>
    public ReadOnlySpan<byte> Value(long index)
    {
        Require(index);
        if (Dictionary is not null)
        {
            (ArrowColumn part, long at) = InDictionary(index);
            return part.Value(at);
        }
        ReadOnlySpan<byte> stored = Field.Shape switch
        {
            ArrowShape.Bits => Bit(1, index) ? "\x01"u8 : "\0"u8,
            ArrowShape.Fixed => Part(1, index * Field.Width, Field.Width),
            ArrowShape.Bytes or ArrowShape.LargeBytes => Between(2, Offsets(index)),
            ArrowShape.Views => View(index),
            _ => throw new InvalidOperationException($"{Field.Shape} has no value"),
        };
        return Converted(stored, Field.Meaning!.Conversion);
    }

    /// <summary>The places of a list's elements among all elements.</summary>
    public (long Start, long End) List(long index)
    {
        Require(index);
        (long start, long end) = Field.Shape == ArrowShape.FixedList
            ? (index * Field.Width, (index + 1) * Field.Width)
            : Offsets(index);
        return start >= 0 && end >= start && end <= Children[0].Length
            ? (start, end)
            : throw Corrupt("a list of elements that are not there");
    }

    private static TableFault Corrupt(string how) => new($"its data are corrupt: {how}");

    private void Require(long index)
    {
        if (index < 0 || index >= Length)
            throw Corrupt("a value that is not there");
    }

    private (ArrowColumn Part, long Index) InDictionary(long index)
    {
        ReadOnlySpan<byte> stored = Part(1, index * Field.Width, Field.Width);
        long at = Field.Width switch
        {
            1 => Field.Dictionary!.IsSigned ? (sbyte)stored[0] : stored[0],
            2 => Field.Dictionary!.IsSigned
                ? BinaryPrimitives.ReadInt16LittleEndian(stored) : BinaryPrimitives.ReadUInt16LittleEndian(stored),
            4 => Field.Dictionary!.IsSigned
                ? BinaryPrimitives.ReadInt32LittleEndian(stored) : BinaryPrimitives.ReadUInt32LittleEndian(stored),
            _ => BinaryPrimitives.ReadInt64LittleEndian(stored),
        };
        foreach (ArrowColumn part in Dictionary!)
        {
            if (at >= 0 && at < part.Length)
                return (part, at);
            at -= part.Length;
        }
        throw Corrupt("a number that the dictionary does not have");
    }

    private (long Start, long End) Offsets(long index)
    {
        if (Field.Shape is ArrowShape.LargeBytes or ArrowShape.LargeList)
        {
            ReadOnlySpan<byte> two = Part(1, index * 8, 16);
            return (BinaryPrimitives.ReadInt64LittleEndian(two), BinaryPrimitives.ReadInt64LittleEndian(two[8..]));
        }
        ReadOnlySpan<byte> both = Part(1, index * 4, 8);
        return (BinaryPrimitives.ReadInt32LittleEndian(both), BinaryPrimitives.ReadInt32LittleEndian(both[4..]));
    }

    private ReadOnlySpan<byte> View(long index)
    {
        ReadOnlySpan<byte> view = Part(1, index * ViewLength, ViewLength);
        int length = BinaryPrimitives.ReadInt32LittleEndian(view);
        if (length is >= 0 and <= LongestInView)
            return view.Slice(4, length);
        int buffer = BinaryPrimitives.ReadInt32LittleEndian(view[8..]);
        int start = BinaryPrimitives.ReadInt32LittleEndian(view[12..]);
        return buffer >= 0 && buffer < Buffers.Count - 2
            ? Between(2 + buffer, (start, (long)start + length))
            : throw Corrupt("a view of a buffer that is not there");
    }

    private ReadOnlySpan<byte> Between(int buffer, (long Start, long End) place) =>
        place.End >= place.Start && place.End - place.Start <= int.MaxValue
            ? Part(buffer, place.Start, (int)(place.End - place.Start))
            : throw Corrupt("a value that ends before it begins");

    private bool Bit(int buffer, long index) => (Part(buffer, index >> 3, 1)[0] >> (int)(index & 7) & 1) != 0;

    private ReadOnlySpan<byte> Part(int buffer, long start, int length)
    {
        ReadOnlySpan<byte> bytes = Buffers[buffer].Span;
        return start >= 0 && length <= bytes.Length - start
            ? bytes.Slice((int)start, length)
            : throw Corrupt("a buffer is shorter than its values");
    }

    private ReadOnlySpan<byte> Converted(ReadOnlySpan<byte> stored, ArrowConversion conversion)
    {
        switch (conversion)
        {
            case ArrowConversion.None:
                return stored;
            case ArrowConversion.Widen:
                return Whole(stored.Length == 1 ? (sbyte)stored[0] : BinaryPrimitives.ReadInt16LittleEndian(stored));
            case ArrowConversion.WidenUnsigned:
                return Whole(stored.Length == 1 ? stored[0] : BinaryPrimitives.ReadUInt16LittleEndian(stored));
            case ArrowConversion.Days:
                long days = Math.DivRem(BinaryPrimitives.ReadInt64LittleEndian(stored), 86_400_000, out long rest);
                return Whole((int)Math.Clamp(days - (rest < 0 ? 1 : 0), int.MinValue, int.MaxValue));
            case ArrowConversion.Thousandfold:
                long seconds = stored.Length == 4
                    ? BinaryPrimitives.ReadInt32LittleEndian(stored)
                    : BinaryPrimitives.ReadInt64LittleEndian(stored);
                const long Most = long.MaxValue / 1000;
                BinaryPrimitives.WriteInt64LittleEndian(converted, Math.Clamp(seconds, -Most, Most) * 1000);
                return converted.AsSpan(0, 8);
            default:
                Span<byte> reversed = converted.AsSpan(0, stored.Length);
                stored.CopyTo(reversed);
                reversed.Reverse();
                return reversed;
        }
    }

    private ReadOnlySpan<byte> Whole(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(converted, value);
        return converted.AsSpan(0, 4);
    }
}
