using System.Buffers;
using System.Buffers.Binary;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>The values of a column on their way into a record batch, laid out as that will have them.</summary>
internal sealed class ArrowColumnBuffer : ValueBuffer
{
    private readonly ArrayBufferWriter<byte> values = new();
    private readonly ArrayBufferWriter<byte> offsets = new();
    private readonly ArrowBits there = new();
    private readonly ArrowBits flags = new();
    private readonly bool hasOffsets;
    private readonly int width;
    private int nulls;
    private int elements;

    public ArrowColumnBuffer(WrittenColumn column)
    {
        Column = column;
        hasOffsets = column.IsList || column.Type == PhysicalType.ByteArray;
        width = ArrowWriting.WidthOf(column);
        Clear();
    }

    public WrittenColumn Column { get; }

    public override int Bytes => values.WrittenCount;

    /// <summary>Lengths and nulls of the column, and of the elements of its lists.</summary>
    public IEnumerable<(int Length, int Nulls)> Nodes =>
        Column.IsList ? [(there.Count, nulls), (elements, 0)] : [(there.Count, nulls)];

    /// <summary>Its buffers in order; valid until it is cleared. One without nulls need not say so.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Buffers
    {
        get
        {
            yield return nulls == 0 ? default : there.Written;
            if (hasOffsets)
                yield return offsets.WrittenMemory;
            if (Column.IsList)
                yield return default;   // no element is null
            yield return Column.Type == PhysicalType.Boolean ? flags.Written : values.WrittenMemory;
        }
    }

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        values.ResetWrittenCount();
        offsets.ResetWrittenCount();
        there.Clear();
        flags.Clear();
        (nulls, elements) = (0, 0);
        EndOffset();
    }

    public override void AddNull()
    {
        there.Add(false);
        nulls++;
        if (hasOffsets)
            EndOffset();
        else if (Column.Type == PhysicalType.Boolean)
            flags.Add(false);
        else
        {
            values.GetSpan(width)[..width].Clear();
            values.Advance(width);
        }
    }

    public override void AddText(ReadOnlySpan<byte> value)
    {
        there.Add(true);
        values.Write(value);
        EndOffset();
    }

    public override void AddFixed(ReadOnlySpan<byte> value)
    {
        there.Add(true);
        values.Write(value);
    }

    public override void AddInt32(int value)
    {
        there.Add(true);
        WriteInt32(values, value);
    }

    public override void AddInt64(long value)
    {
        there.Add(true);
        BinaryPrimitives.WriteInt64LittleEndian(values.GetSpan(8), value);
        values.Advance(8);
    }

    public override void AddFloat(float value)
    {
        there.Add(true);
        WriteFloat(value);
    }

    public override void AddDouble(double value)
    {
        there.Add(true);
        BinaryPrimitives.WriteDoubleLittleEndian(values.GetSpan(8), value);
        values.Advance(8);
    }

    public override void AddBool(bool value)
    {
        there.Add(true);
        flags.Add(value);
    }

    public override void BeginList() => there.Add(true);

    public override void AddElement(float value)
    {
        elements++;
        WriteFloat(value);
    }

    /// <summary>Adds a number from −128 to 127.</summary>
    public override void AddElement(int value)
    {
        elements++;
        values.Write([unchecked((byte)value)]);
    }

    public override void AddElement(Half value)
    {
        elements++;
        BinaryPrimitives.WriteHalfLittleEndian(values.GetSpan(2), value);
        values.Advance(2);
    }

    public override void EndList() => EndOffset();

    private void EndOffset() => WriteInt32(offsets, Column.IsList ? elements : values.WrittenCount);

    private void WriteFloat(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(values.GetSpan(4), value);
        values.Advance(4);
    }

    private static void WriteInt32(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }
}
