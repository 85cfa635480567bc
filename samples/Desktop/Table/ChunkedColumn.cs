namespace GauRuntime.Desktop.Table;

/// <summary>The values of a column, which grows without being copied. Read by many once it grows no more.</summary>
internal sealed class ChunkedColumn<T>
    where T : unmanaged
{
    private const int Shift = 16, Mask = (1 << Shift) - 1;

    private readonly List<T[]> chunks = [];

    public int Count { get; private set; }

    public T this[int index] => chunks[index >> Shift][index & Mask];

    public void Add(T value)
    {
        if (Count >> Shift == chunks.Count)
            chunks.Add(new T[1 << Shift]);
        chunks[Count >> Shift][Count & Mask] = value;
        Count++;
    }
}
