namespace GauRuntime.Parquet;

/// <summary>The values of a column on their way into a part of a table, such as a row group.</summary>
internal abstract class ValueBuffer
{
    /// <summary>Bytes of the values.</summary>
    public abstract int Bytes { get; }

    public abstract void AddNull();

    public abstract void AddText(ReadOnlySpan<byte> value);

    /// <summary>Adds a value of the column's fixed length.</summary>
    public abstract void AddFixed(ReadOnlySpan<byte> value);

    public abstract void AddInt32(int value);

    public abstract void AddInt64(long value);

    public abstract void AddFloat(float value);

    public abstract void AddDouble(double value);

    public abstract void AddBool(bool value);

    /// <summary>Begins a list; its elements follow, then <see cref="EndList"/>.</summary>
    public abstract void BeginList();

    public abstract void AddElement(float value);

    public abstract void AddElement(int value);

    public abstract void AddElement(Half value);

    public abstract void EndList();
}
