using System.Buffers;
using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>A column to write; every value of it may be null.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its values, or the elements of its lists, are stored.</param>
/// <param name="Annotation">What they mean.</param>
/// <param name="IsList">Whether a value is a list, whose elements are never null.</param>
internal sealed record WrittenColumn(string Name, PhysicalType Type, Annotation Annotation, bool IsList)
{
    /// <summary>The definition level of a value that is there.</summary>
    public int MaxDefinition => IsList ? 2 : 1;

    /// <summary>The names from the top down to the values.</summary>
    public string[] Path => IsList ? [Name, "list", "element"] : [Name];
}

/// <summary>The values of a column on their way into a row group, laid out as the page will have them.</summary>
internal sealed class ColumnBuffer(WrittenColumn column) : ValueBuffer
{
    private readonly ArrayBufferWriter<byte> values = new();
    private readonly LevelRuns definitions = new();
    private readonly LevelRuns repetitions = new();
    private int bits;
    private int bitCount;
    private bool listHasElement;

    public WrittenColumn Column { get; } = column;

    /// <summary>Entries: values, nulls and empty lists.</summary>
    public int Count { get; private set; }

    public override int Bytes => values.WrittenCount;

    public override void AddNull() => Enter(0, 0);

    public override void AddText(ReadOnlySpan<byte> value)
    {
        Enter(Column.MaxDefinition, 0);
        BinaryPrimitives.WriteInt32LittleEndian(values.GetSpan(4), value.Length);
        values.Advance(4);
        values.Write(value);
    }

    public override void AddFixed(ReadOnlySpan<byte> value)
    {
        Enter(Column.MaxDefinition, 0);
        values.Write(value);
    }

    public override void AddInt32(int value)
    {
        Enter(Column.MaxDefinition, 0);
        WriteInt32(value);
    }

    public override void AddInt64(long value)
    {
        Enter(Column.MaxDefinition, 0);
        BinaryPrimitives.WriteInt64LittleEndian(values.GetSpan(8), value);
        values.Advance(8);
    }

    public override void AddFloat(float value)
    {
        Enter(Column.MaxDefinition, 0);
        WriteFloat(value);
    }

    public override void AddDouble(double value)
    {
        Enter(Column.MaxDefinition, 0);
        BinaryPrimitives.WriteDoubleLittleEndian(values.GetSpan(8), value);
        values.Advance(8);
    }

    public override void AddBool(bool value)
    {
        Enter(Column.MaxDefinition, 0);
        bits |= (value ? 1 : 0) << bitCount;
        if (++bitCount == 8)
            EndBits();
    }

    public override void BeginList() => listHasElement = false;

    public override void AddElement(float value)
    {
        EnterElement();
        WriteFloat(value);
    }

    public override void AddElement(int value)
    {
        EnterElement();
        WriteInt32(value);
    }

    public override void AddElement(Half value)
    {
        EnterElement();
        BinaryPrimitives.WriteHalfLittleEndian(values.GetSpan(2), value);
        values.Advance(2);
    }

    public override void EndList()
    {
        if (!listHasElement)
            Enter(1, 0);
    }

    /// <summary>Writes everything as the content of a page, and forgets it.</summary>
    public void Flush(ArrayBufferWriter<byte> page)
    {
        if (bitCount > 0)
            EndBits();
        if (Column.IsList)
            repetitions.Flush(page);
        definitions.Flush(page);
        page.Write(values.WrittenSpan);
        values.ResetWrittenCount();
        Count = 0;
    }

    private void Enter(int definition, int repetition)
    {
        Count++;
        definitions.Add(definition);
        if (Column.IsList)
            repetitions.Add(repetition);
    }

    private void EnterElement()
    {
        Enter(Column.MaxDefinition, listHasElement ? 1 : 0);
        listHasElement = true;
    }

    private void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(values.GetSpan(4), value);
        values.Advance(4);
    }

    private void WriteFloat(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(values.GetSpan(4), value);
        values.Advance(4);
    }

    private void EndBits()
    {
        values.Write([(byte)bits]);
        (bits, bitCount) = (0, 0);
    }
}
