using System.Buffers.Binary;
using System.Text;

namespace GauRuntime.Scoring.Arrow;

/// <summary>A field of a table that is written into a FlatBuffer.</summary>
/// <param name="Field">Its number.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsReference">Whether it refers to what is written later.</param>
internal readonly record struct FlatValue(int Field, int Size, long Value, bool IsReference = false)
{
    /// <summary>A field that refers to what is written later.</summary>
    public static FlatValue Reference(int field) => new(field, 4, 0, true);
}

/// <summary>Writes a FlatBuffer, what refers before what is referred to. The same calls give the same bytes.</summary>
internal sealed class FlatBuilder
{
    private const int Alignment = 8;

    private byte[] bytes = new byte[256];

    /// <summary>The place of the reference to the outermost table.</summary>
    public const int Root = 0;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; } = 4;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>Writes a table.</summary>
    /// <param name="reference">The place of what refers to it.</param>
    /// <param name="fields">Its fields, of ascending numbers.</param>
    /// <returns>The places of those fields that refer to something.</returns>
    public int[] Table(int reference, params ReadOnlySpan<FlatValue> fields)
    {
        const int Header = 4, Entry = 2;
        Align(Entry, 0);
        int numbers = fields.IsEmpty ? 0 : fields[^1].Field + 1;
        int layout = Reserve(Header + Entry * numbers);
        Align(Alignment, 0);
        int start = Reserve(4);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(start), start - layout);
        List<int> references = [];
        foreach (FlatValue field in fields)
        {
            Align(field.Size, 0);
            int place = Reserve(field.Size);
            Span<byte> value = bytes.AsSpan(place, field.Size);
            for (int i = 0; i < value.Length; i++)
                value[i] = (byte)(field.Value >> (8 * i));
            Word(layout + Header + Entry * field.Field, place - start);
            if (field.IsReference)
                references.Add(place);
        }
        Word(layout, Header + Entry * numbers);
        Word(layout + 2, Length - start);
        Refer(reference, start);
        return [.. references];
    }

    /// <summary>Writes a text.</summary>
    public void Text(int reference, string text)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(text);
        int start = Vector(reference, encoded.Length, 1, 1);
        encoded.CopyTo(bytes, start);
        Reserve(1);   // a NUL behind it
    }

    /// <summary>Writes a vector of zeros.</summary>
    /// <param name="reference">The place of what refers to it.</param>
    /// <param name="count">Its elements.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="alignment">To what they are aligned.</param>
    /// <returns>The place of its first element.</returns>
    public int Vector(int reference, int count, int size, int alignment)
    {
        Align(Math.Max(alignment, 4), 4);
        int start = Reserve(4);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(start), count);
        Refer(reference, start);
        return Reserve(count * size);
    }

    /// <summary>Sets 64 bits of what has been written.</summary>
    public void Set(int place, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(place), value);

    private void Refer(int reference, int target) =>
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(reference), target - reference);

    private void Word(int place, int value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(place), (ushort)value);

    // So that what follows some bytes is aligned.
    private void Align(int alignment, int before)
    {
        while ((Length + before) % alignment != 0)
            Reserve(1);
    }

    private int Reserve(int count)
    {
        int start = Length;
        Length += count;
        if (Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, Length));
        return start;
    }
}
