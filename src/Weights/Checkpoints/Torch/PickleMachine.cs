using System.Buffers;
using System.Buffers.Binary;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// Interprets the opcodes of pickle protocols 2 to 4 that torch writes. Builds values, calls nothing: what REDUCE makes
/// of a name is decided by <see cref="TorchGlobals"/>, and an object of any other class stays a name.
/// </summary>
/// <remarks>
/// Bounds: a value costs at least one byte of the pickle and there are at most four million of them; strings are no
/// longer than the pickle; the stack holds at most 65536 values (Python pickles containers in batches of 1000). What
/// the values take is counted and refused beyond 24 times the bytes that were read, and 16 MiB; torch's own take a
/// third.
/// </remarks>
internal ref partial struct PickleMachine
{
    /// <summary>
    /// The longest pickle that is read, in bytes. That of a model with 10,000 tensors has about 2 MB.
    /// </summary>
    public const int MaxLength = 64 << 20;

    private const int MaxStack = 1 << 16;
    private const int MaxValues = 4_000_000;
    private const int MostPerByte = 24, Spare = 16 << 20;            // bytes of memory
    private const int Slot = 16, Entry = 64, Number = 24, Box = 48, FirstItem = 96, Tensor = 256;

    private static readonly object True = true, False = false;

    private static readonly SearchValues<byte> Opcodes = SearchValues.Create(
        [.. "().012FIJKLMNPQRSTUVX]abcdeghijlopqrstu}BCG"u8, .. Enumerable.Range(0x80, 0x19).Select(i => (byte)i)]);

    private readonly string file;
    private readonly long start;
    private readonly ReadOnlySpan<byte> data;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly List<object?> memo = [];                        // of the indices from 0 without a gap
    private readonly Dictionary<uint, object?> scattered = [];       // of the others
    private int position;
    private int opcodeAt;
    private int values;
    private long cost;

    /// <summary>Prepares to interpret one pickle.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="start">Offset of the data in the file, for messages.</param>
    /// <param name="data">Starts with the pickle; may go on behind it.</param>
    public PickleMachine(string file, long start, ReadOnlySpan<byte> data)
    {
        this.file = file;
        this.start = start;
        this.data = data[..Math.Min(data.Length, MaxLength)];
    }

    /// <summary>Bytes consumed: after <see cref="Run"/>, the length of the pickle.</summary>
    public readonly int Consumed => position;

    /// <summary>The storages that the pickle refers to, by key.</summary>
    public Dictionary<string, TorchStorage> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether bytes begin as a pickle does: protocol 2 to 5, then an opcode.</summary>
    public static bool IsStart(ReadOnlySpan<byte> bytes) =>
        bytes is [0x80, >= 2 and <= 5, ..] && (bytes.Length == 2 || Opcodes.Contains(bytes[2]));

    /// <summary>Interprets up to STOP and returns the object.</summary>
    public object? Run()
    {
        while (true)
        {
            opcodeAt = position;
            byte opcode = Take(1)[0];
            if (opcode == '.')
                break;
            if (!Simple(opcode) && !Container(opcode) && !Named(opcode))
                throw Fault($"opcode 0x{opcode:x2} refused");
            if (stack.Count > MaxStack || marks.Count > MaxStack)
                throw Fault($"more than {MaxStack} values on the stack");
        }
        object? result = Pop();
        return stack.Count == 0 && marks.Count == 0 ? result : throw Fault("values are left on the stack");
    }

    private bool Simple(byte opcode)
    {
        switch (opcode)
        {
            case 0x80:
                byte protocol = Take(1)[0];
                if (protocol is < 2 or > 5)
                    throw Fault($"pickle protocol {protocol} refused");
                return true;
            case 0x95: Take(8); return true;                                             // FRAME
            case (byte)'N': Push(null); return true;
            case 0x88: Push(True); return true;
            case 0x89: Push(False); return true;
            case (byte)'K': PushNumber((long)Take(1)[0]); return true;
            case (byte)'M': PushNumber((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); return true;
            case (byte)'J': PushNumber((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); return true;
            // Python 2, above 32 bits
            case (byte)'I': PushNumber(TextInteger()); return true;
            case 0x8a: PushInteger(Take(1)[0]); return true;
            case 0x8b: PushInteger(Length32()); return true;
            case (byte)'G': PushNumber(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); return true;
            case (byte)'U': Push(ByteString(Take(1)[0])); return true;
            case (byte)'T': Push(ByteString(Length32())); return true;
            case 0x8c: Push(Text(Take(1)[0])); return true;
            case (byte)'X': Push(Text(Length32())); return true;
            case 0x8d: Push(Text(Length64())); return true;
            case (byte)'C': Take(Take(1)[0]); Push(PickleOpaque.Value); return true;
            case (byte)'B': Take(Length32()); Push(PickleOpaque.Value); return true;
            case 0x8e or 0x96: Take(Length64()); Push(PickleOpaque.Value); return true;
            case (byte)'0': Pop(); return true;
            case (byte)'1': PopToMark(); return true;
            case (byte)'2': Push(Top()); return true;
            case (byte)'(': marks.Add(stack.Count); return true;
            case (byte)'q': Store(Take(1)[0]); return true;
            case (byte)'r': Store(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); return true;
            case 0x94: Store((uint)(memo.Count + scattered.Count)); return true;
            case (byte)'h': Push(Recall(Take(1)[0])); return true;
            case (byte)'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); return true;
            default: return false;
        }
    }

    private bool Container(byte opcode)
    {
        switch (opcode)
        {
            case (byte)')': Push(PickleTuple.Empty); return true;
            case 0x85 or 0x86 or 0x87: PushContainer(new PickleTuple(PopMany(opcode - 0x84))); return true;
            case (byte)'t': PushContainer(new PickleTuple(PopToMark())); return true;
            case (byte)']': PushContainer(new PickleList()); return true;
            case (byte)'l': AddItems(PopToMark(), PushContainer(new PickleList())); return true;
            case (byte)'a': AddItems(PopMany(1), Top()); return true;
            case (byte)'e': AddItems(PopToMark(), Top()); return true;
            case (byte)'}': PushContainer(new PickleDict()); return true;
            case (byte)'d': AddPairs(PopToMark(), PushContainer(new PickleDict())); return true;
            case (byte)'s': AddPairs(PopMany(2), Top()); return true;
            case (byte)'u': AddPairs(PopToMark(), Top()); return true;
            case 0x8f: Push(PickleOpaque.Value); return true;                            // EMPTY_SET
            case 0x90: PopToMark(); Top(); return true;                                  // ADDITEMS
            case 0x91: PopToMark(); Push(PickleOpaque.Value); return true;               // FROZENSET
            default: return false;
        }
    }
}
