using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Arguments of opcodes, the stack and the memo.</summary>
internal ref partial struct PickleMachine
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly GauFormatException Fault(string reason, Exception? cause = null) =>
        new(file, $"pickle at offset {start + opcodeAt}", reason, cause);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > data.Length - position)
            throw Fault("the pickle ends early, as in a file that was cut "
                + "short, or is too long");
        ReadOnlySpan<byte> taken = data.Slice(position, count);
        position += count;
        return taken;
    }

    private int Length32() => Length(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));

    private int Length64() => Length(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));

    private readonly int Length(ulong length) =>
        length <= (ulong)(data.Length - position)
            ? (int)length
            : throw Fault($"a string of {length} bytes does not fit: the file may have been cut short");

    private string Text(int length)
    {
        Charge(Number + 2L * length);
        try
        {
            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException e)
        {
            throw Fault("a string is not valid UTF-8", e);
        }
    }

    /// <summary>Python 2's str: text if it is UTF-8, else bytes.</summary>
    private object ByteString(int length)
    {
        Charge(Number + 2L * length);
        ReadOnlySpan<byte> bytes = Take(length);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : PickleOpaque.Value;
    }

    private string Line()
    {
        int length = data[position..].IndexOf((byte)'\n');
        if (length < 0)
            throw Fault("a line without end");
        string line = Text(length);
        position++;
        return line;
    }

    private long TextInteger()
    {
        string line = Line();
        return long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Fault("not a 64-bit integer");
    }

    private void PushInteger(int length)
    {
        ReadOnlySpan<byte> bytes = Take(length);
        if (length > 16)   // the state of a random generator
        {
            Push(PickleOpaque.Value);
            return;
        }
        Int128 value = length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        if (value >= long.MinValue && value <= long.MaxValue)
            PushNumber((long)value);
        else
            PushNumber(value);
    }

    /// <summary>Counts memory in bytes before it is taken.</summary>
    private void Charge(long bytes)
    {
        cost += bytes;
        if (cost > Spare + MostPerByte * (long)position)
            throw Fault($"the values would take more than {MostPerByte} times the bytes of the pickle");
    }

    private void PushNumber(object value)
    {
        Charge(Number);
        Push(value);
    }

    private object PushContainer(object value)
    {
        Charge(Box);
        Push(value);
        return value;
    }

    private object? Push(object? value)
    {
        Charge(Slot);
        if (++values > MaxValues)
            throw Fault($"more than {MaxValues} values");
        stack.Add(value);
        return value;
    }

    private readonly int Floor => marks.Count == 0 ? 0 : marks[^1];

    private readonly object? Top() => stack.Count > Floor ? stack[^1] : throw Fault("the stack is empty");

    private readonly object? Pop()
    {
        object? top = Top();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private readonly object?[] PopMany(int count)
    {
        if (stack.Count - Floor < count)
            throw Fault("too few values on the stack");
        object?[] items = new object?[count];
        stack.CopyTo(stack.Count - count, items, 0, count);
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    private readonly object?[] PopToMark()
    {
        if (marks.Count == 0)
            throw Fault("no mark on the stack");
        object?[] items = PopMany(stack.Count - marks[^1]);
        marks.RemoveAt(marks.Count - 1);
        return items;
    }

    private void Store(uint index)
    {
        if (index < memo.Count)
        {
            memo[(int)index] = Top();
        }
        else if (index == memo.Count)
        {
            Charge(Slot);
            memo.Add(Top());
        }
        else
        {
            Charge(Entry);
            scattered[index] = Top();
        }
    }

    private readonly object? Recall(uint index) =>
        index < memo.Count ? memo[(int)index]
        : scattered.TryGetValue(index, out object? value) ? value : throw Fault($"memo {index} is not set");

    private void AddItems(object?[] items, object? target)
    {
        if (target is PickleOpaque or PickleObject)
            return;
        if (target is not PickleList list)
            throw Fault("items for something that is no list");
        if (list.Items.Count == 0)
            Charge(FirstItem);
        foreach (object? item in items)
            list.Add(item);
    }

    private void AddPairs(object?[] items, object? target)
    {
        if (target is PickleOpaque or PickleObject)
            return;
        if (target is not PickleDict dict || items.Length % 2 != 0)
            throw Fault("pairs for something that is no dictionary");
        if (dict.Entries.Count == 0)
            Charge(FirstItem);
        for (int i = 0; i < items.Length; i += 2)
            dict.Add(items[i], items[i + 1]);
    }
}
